"""Where the page is read: on a phone, in a frame of another site, by a screen reader, without a connection."""

from itertools import pairwise

import pytest

WORLDS = [
    "traffic/single_crossing", "routes/braess", "grid/ames5", "market/one_pair", "oligopoly/duopoly", "games/chicken",
    "crossing/four_drivers",
]  # fmt: skip
PARTS = [".el-top", ".el-stage", ".el-headlines", ".el-right"]  # from top to bottom
PHONES = [(390, 844), (360, 640)]


def open_world(tab, name, width, height, **options):
    shown = tab(width, height, **options).open(f"?scenario={name}")
    shown.until("frame.tick > 0")
    return shown


def box(shown, selector):
    return shown.page.locator(selector).first.bounding_box()


def is_as_wide_as_the_screen(shown, width):
    wide = shown.page.evaluate("() => Math.max(document.querySelector('.el').scrollWidth, document.body.scrollWidth)")
    return wide <= width


@pytest.mark.parametrize("name, size", [*((name, PHONES[0]) for name in WORLDS), ("grid/ames5", PHONES[1])])
def test_a_phone_shows_one_column_with_the_picture_first(tab, name, size):
    shown = open_world(tab, name, *size, is_mobile=True, has_touch=True)
    assert is_as_wide_as_the_screen(shown, size[0])
    picture = box(shown, ".el-picture")
    assert picture["width"] >= 0.9 * size[0] and picture["height"] >= 0.35 * size[1]
    boxes = [box(shown, part) for part in PARTS]
    for above, below in pairwise(boxes):
        assert above["y"] + above["height"] <= below["y"] + 1
    over = "heads => heads.filter((head) => head.querySelector('.el-val').scrollWidth > head.clientWidth).length"
    assert shown.page.locator(".el-headline:visible").evaluate_all(over) == 0
    bar = box(shown, ".el-controls")
    assert bar["y"] + bar["height"] <= size[1] + 1 and bar["height"] <= size[1] / 4  # at hand, and out of the way


@pytest.mark.parametrize("size", PHONES)
def test_a_phone_shows_both_worlds_of_a_what_if_below_each_other(tab, size):
    shown = open_world(tab, "traffic/single_crossing", *size, is_mobile=True, has_touch=True)
    shown.page.get_by_role("button", name="What if").click()
    shown.until("view.twinDrawn() > 0")
    assert is_as_wide_as_the_screen(shown, size[0])
    mine, theirs = (each.bounding_box() for each in shown.page.locator(".el-side .el-picture").all())
    assert min(mine["width"], theirs["width"]) >= 0.9 * size[0] and min(mine["height"], theirs["height"]) >= 200
    assert mine["y"] + mine["height"] <= theirs["y"]


@pytest.mark.parametrize("size", [*PHONES, (844, 390)])
def test_the_gallery_fits_a_phone(tab, size):
    shown = tab(*size, is_mobile=True, has_touch=True).open()
    assert is_as_wide_as_the_screen(shown, size[0])
    cards = [card.bounding_box() for card in shown.page.locator(".el-card").all()[:4]]
    assert all(card["x"] >= 0 and card["x"] + card["width"] <= size[0] for card in cards)


@pytest.mark.parametrize("name, scheme", [("", "light"), ("", "dark"), *((name, "light") for name in WORLDS)])
def test_a_screen_reader_finds_a_language_one_main_part_and_names(tab, name, scheme):
    shown = tab(**({"color_scheme": scheme} if scheme != "light" else {})).open(f"?scenario={name}" if name else "")
    assert shown.page.evaluate("document.documentElement.lang") == "en"
    assert shown.page.locator("main").count() == 1
    zoom = shown.page.locator("meta[name=viewport]").get_attribute("content")
    assert "user-scalable" not in zoom and "maximum-scale" not in zoom
    assert [head.inner_text() for head in shown.page.locator("th").all() if not head.inner_text().strip()] == []
    unnamed = "e => e.filter((one) => !(one.innerText.trim() || one.ariaLabel || one.title)).length"
    assert shown.page.locator("button:visible, a:visible").evaluate_all(unnamed) == 0


REFUSED = """Object.defineProperty(window, "localStorage", {
    configurable: true, get() { throw new DOMException("The document is sandboxed", "SecurityError"); } });"""


def test_where_nothing_may_be_kept_the_page_opens_all_the_same(tab):
    """As in a frame on another site."""
    shown = tab(own=True)
    shown.page.add_init_script(REFUSED)
    shown.open("?scenario=games/chicken").until("frame.tick > 3")
    before = shown.page.locator(".el").get_attribute("data-theme")
    shown.page.keyboard.press("d")
    shown.page.wait_for_function("(before) => document.querySelector('.el').dataset.theme !== before", arg=before)
    assert shown.errors == []


def test_a_lost_connection_is_said_and_a_new_one_goes_on(tab):
    shown = tab().open("?scenario=games/chicken")
    shown.until("frame.tick > 3")
    told = shown.page.get_by_text("The connection to the server is lost")
    assert not told.is_visible()
    shown.page.context.set_offline(True)
    told.wait_for()
    assert "connection lost" in shown.page.locator(".el-status").inner_text()
    shown.page.context.set_offline(False)
    told.wait_for(state="hidden")
    tick = shown.get("frame.tick")
    shown.until(f"frame.tick > {tick}")
    assert "live" in shown.page.locator(".el-status").inner_text()
