"""The crossing without signals, as a person meets it."""

import os
import re

CARELESS = "?scenario=crossing/no_signals&learner=random&seed=1"
FLEETS = "?scenario=crossing/two_fleets&seed=1"


def collisions(shown):
    """Collisions so far, as the picture describes them."""
    described = shown.page.locator(".el-picture canvas").get_attribute("aria-label")
    return int(re.search(r"(\d+) collisions so far", described).group(1))


def play(shown, which):
    shown.page.locator(".el-speed button").nth(which).click()


def test_cars_collide_until_the_safety_layer_is_switched_on(tab):
    shown = tab().open(CARELESS)
    shown.until("frame.tick > 40")
    assert "cars in sight" in shown.page.locator(".el-picture canvas").get_attribute("aria-label")
    play(shown, 1)
    shown.until("frame.tick > 20_000", timeout_s=60)
    shown.page.get_by_label("Safety layer").check()
    shown.until("state.status.parameters.safety_layer === true")
    changed = shown.get("frame.tick")
    shown.until(f"frame.tick > {changed} + 5_000")
    shown.page.get_by_role("button", name="Pause").click()
    shown.until("state.status.playing === false")
    shown.page.wait_for_timeout(1_500)
    before = collisions(shown)
    assert before > 20
    shown.page.get_by_role("button", name="Play").click()
    now = shown.get("frame.tick")
    shown.until(f"frame.tick > {now} + 50_000", timeout_s=60)
    shown.page.wait_for_timeout(1_500)
    assert collisions(shown) == before
    assert shown.errors == []


def test_a_car_can_be_asked_and_fleets_are_told_apart(tab):
    shown = tab().open(FLEETS)
    shown.until("frame.tick > 100")
    shown.page.locator(".el-picture canvas").focus()
    shown.page.keyboard.press("Tab")
    shown.page.get_by_text(re.compile(r"^Car \d+$")).first.wait_for()
    assert shown.page.locator(".el-stagehead").get_by_text("fleet 2").count() == 1
    assert shown.errors == []
    if folder := os.environ.get("EVERLEARN_SCREENSHOTS"):
        shown.page.screenshot(path=f"{folder}/crossing.png")
        careless = tab().open(CARELESS)
        careless.until("frame.tick > 300")
        careless.page.screenshot(path=f"{folder}/crossing_careless.png")
        dark = tab(1024, 768, color_scheme="dark").open("?scenario=crossing/no_signals&seed=2")
        play(dark, 1)
        dark.until("frame.tick > 400_000", timeout_s=60)
        play(dark, 0)
        dark.page.wait_for_timeout(8_000)
        dark.page.screenshot(path=f"{folder}/crossing_dark.png")
        gallery = tab().open()
        gallery.page.wait_for_timeout(10_000)
        gallery.page.screenshot(path=f"{folder}/gallery.png", full_page=True)
