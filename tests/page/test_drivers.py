"""Drivers who choose routes, as a person meets them."""

import os
import re

from tests.page.test_page import pause, play

BOTH = "?scenario=traffic/both_learn&seed=3"
KEY = ".el-stagehead"


def save(shown, name):
    """A picture for those who look."""
    if folder := os.environ.get("EVERLEARN_SCREENSHOTS"):
        shown.page.screenshot(path=f"{folder}/{name}.png")


def test_vehicles_show_which_route_they_take_and_the_key_says_how(tab):
    shown = tab().open(BOTH)
    play(shown)
    shown.until("frame.tick > 20_000", timeout_s=90)  # the second regime: two bridges are closed
    pause(shown)
    key = shown.page.locator(KEY).inner_text()
    assert all(f"route {number}" in key for number in (1, 2, 3)) and "off route" in key and "moving" not in key
    shown.until("document.querySelector('.el-picture canvas').ariaLabel.includes('on route 1')")
    told = shown.page.locator(".el-picture canvas").get_attribute("aria-label")
    counts = [int(number) for number in re.findall(r"(\d+) on route \d", told)]
    present, off = (int(re.search(rf"(\d+) {what}", told)[1]) for what in ("vehicles", "off their route"))
    assert len(counts) == 3 and all(counts) and sum(counts) + off == present
    save(shown, "both_learn")
    shown.page.keyboard.press("d")
    shown.page.wait_for_timeout(500)
    save(shown, "both_learn_dark")
    shown.page.set_viewport_size({"width": 1024, "height": 768})
    shown.page.wait_for_timeout(500)
    save(shown, "both_learn_1024")
    assert shown.errors == []


def test_a_world_without_routes_shows_none(tab):
    shown = tab().open("?scenario=traffic/rush_hour&seed=3")
    shown.until("frame.tick > 0", timeout_s=90)
    key = shown.page.locator(KEY).inner_text()
    assert "moving" in key and "route" not in key
    assert "route" not in shown.page.locator(".el-picture canvas").get_attribute("aria-label")
    assert shown.errors == []
