"""Firms that post prices, as a person meets them."""

import os

DUOPOLY = "?scenario=oligopoly/duopoly&seed=3"


def test_prices_move_between_the_lines_of_theory_and_a_firm_can_be_asked(tab):
    shown = tab().open(DUOPOLY)
    shown.until("frame.tick > 30_000")
    described = shown.page.locator(".el-picture canvas").get_attribute("aria-label")
    assert described.startswith("2 firms, price") and "competitive 1.47, joint optimum 1.92" in described
    shown.page.locator(".el-picture canvas").focus()
    shown.page.keyboard.press("Tab")
    shown.page.get_by_text("Firm 1", exact=True).first.wait_for()
    if folder := os.environ.get("EVERLEARN_SCREENSHOTS"):
        shown.until("frame.tick > 400_000", timeout_s=60)
        shown.page.screenshot(path=f"{folder}/oligopoly.png")
        gallery = tab().open()
        gallery.page.wait_for_timeout(15_000)
        gallery.page.screenshot(path=f"{folder}/gallery.png")
    assert shown.errors == []
