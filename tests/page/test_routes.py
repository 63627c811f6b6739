"""Drivers who choose routes, as a person meets them: a road is opened, everyone is slower, a toll makes it good."""

import os

SHORTCUT = "?scenario=routes/forty_drivers&seed=3"
MEAN = "state.curve.columns[1].at(-1)"


def described(shown):
    return shown.page.locator(".el-picture canvas").get_attribute("aria-label")


def test_a_road_that_opens_makes_everyone_slower_and_a_toll_repairs_it(tab):
    shown = tab().open(SHORTCUT)
    road = shown.page.get_by_label("Road North–South")
    road.uncheck()
    shown.until("frame.tick > 20 && frame.parts && state.status.parameters.closed_links.length === 1")
    shown.until(f"frame.tick > 200 && {MEAN} < 68", timeout_s=60)
    shown.until("document.querySelector('.el-picture canvas').ariaLabel.includes('North–South–Work closed')")
    picture(shown, "routes_closed")
    road.check()
    shown.until(f"{MEAN} > 75", timeout_s=60)
    assert described(shown).startswith("40 drivers: Home–North–South–Work ")
    picture(shown, "routes_open")
    shown.page.get_by_role("group", name="Toll").get_by_text("marginal").click()
    shown.until(f"{MEAN} < 68", timeout_s=60)
    picture(shown, "routes_tolled")
    share = shown.page.get_by_label("Toll share")
    share.fill("0")
    shown.until(f"{MEAN} > 75", timeout_s=60)
    assert shown.errors == [] and shown.outside == []


def test_a_driver_can_be_asked_and_a_road_be_opened_in_the_picture(tab):
    shown = tab().open(SHORTCUT)
    shown.page.get_by_label("Road North–South").uncheck()
    shown.until("frame.tick > 200", timeout_s=60)  # nobody is left on it, whom a press would ask
    shown.page.get_by_text("Prefers Home–").first.wait_for()
    x, y = shown.get("view.placeOfEdge(0)")
    shown.page.locator(".el-picture canvas").click(position={"x": x, "y": y - 60})
    shown.until("state.status.parameters.closed_links.length === 0")
    assert shown.errors == []


def test_the_gallery_has_drivers_in_a_row_of_their_own(tab):
    shown = tab().open()
    row = shown.page.locator(".el-galrow", has=shown.page.get_by_role("heading", name="Routes", exact=True))
    for title in ("The shortcut", "Two fleets", "Commute"):
        row.get_by_role("heading", name=title).wait_for()
    assert shown.errors == []


def picture(shown, name):
    if folder := os.environ.get("EVERLEARN_SCREENSHOTS"):
        shown.page.screenshot(path=f"{folder}/{name}.png")
