"""The power grid as a person meets it, in a real browser."""

import json
from dataclasses import asdict

import numpy as np
import pytest

import models

GRID = "?scenario=grid/ames5&seed=3"


def three_figures(value):
    """A number as the page writes it."""
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:.{digits}f}".rstrip("0").rstrip(".") if digits else f"{value:,.0f}"


def place(shown, expression):
    """A place of the picture, in pixels of the window."""
    box = shown.page.locator(".el-picture canvas").bounding_box()
    x, y = shown.get(expression)
    return box["x"] + x, box["y"] + y


def test_a_held_picture_tells_the_prices_of_its_hour(tab):
    shown = tab().open(GRID)
    shown.until("frame.tick > 24")
    shown.page.keyboard.press("Space")
    shown.until("state.status.playing === false")
    before = shown.get("frame.tick")
    shown.page.keyboard.press(".")
    shown.until(f"frame.tick === {before + 1}")
    world = models.make("grid/ames5", seed=3)
    world.run(before + 1)
    low, high = (three_figures(price) for price in (world.state.price.min(), world.state.price.max()))
    shown.page.wait_for_function(
        "told => document.querySelector('.el-picture canvas').ariaLabel.includes(told)",
        arg=f"prices from ${low} to ${high}/MWh",
    )


def test_a_click_on_a_line_takes_it_out_and_another_puts_it_back(tab):
    shown = tab().open(GRID)
    shown.until("frame.tick > 0")
    line = shown.get("state.world.scene.lines.findIndex(({ name }) => name === '3-4')")
    spot = place(shown, f"view.placeOfEdge({line})")
    shown.page.mouse.move(*spot)
    assert "Take out line 3–4" in shown.page.locator(".el-picture canvas").get_attribute("title")
    shown.page.mouse.click(*spot)
    shown.until("state.status.parameters.outages.join() === '3-4'")
    shown.page.wait_for_function("document.querySelector('.el-picture canvas').ariaLabel.includes('out: line 3-4')")
    shown.page.mouse.click(*spot)
    shown.until("state.status.parameters.outages.length === 0")
    shown.until("state.status.events.length === 2")
    assert [text for _, text in shown.get("state.status.events")] == ["Take out line 3–4", "Put back line 3–4"]


def test_a_click_on_a_plant_shows_what_it_has_learned(tab):
    shown = tab().open(GRID)
    shown.until("frame.tick > 48")
    shown.page.mouse.click(*place(shown, "view.placeOf(4)"))
    shown.until("state.agent === 4")
    inspector = shown.page.get_by_label("Inspector")
    inspector.locator("h2", has_text="G5").wait_for()
    inspector.get_by_role("img", name="What G5 has learned, by choice and hour of the day").wait_for()
    assert shown.page.locator(".el-picture canvas").is_visible()


def test_dial_table_and_ledger_stand_beside_the_picture_and_a_row_picks_its_company(tab):
    shown = tab().open(GRID)
    shown.until("frame.tick > 48")
    dial = shown.page.get_by_label("How close to a cartel?", exact=True)
    shown.page.wait_for_function("!['', '–'].includes(document.querySelector('.el-big').textContent)")
    assert {"best response", "cartel"} < set(dial.locator("text").all_text_contents())
    assert "✓ adds up" in shown.page.get_by_label("Settlement").inner_text()
    rows = shown.page.locator(".el-t tbody tr")
    assert [text.split()[0] for text in rows.all_inner_texts()] == ["G1", "G2", "G3", "G4", "G5"]
    rows.nth(1).click()
    shown.until("state.agent === 1")
    shown.page.locator(".el-t tr.el-on", has_text="G2").wait_for()
    assert shown.errors == []


@pytest.mark.parametrize("scenario", ["grid/pivotal_cap", "grid/ieee14", "grid/ieee30", "grid/ieee118"])
def test_networks_of_any_size_are_drawn_and_their_frames_are_small(tab, scenario):
    shown = tab(1024, 768).open(f"?scenario={scenario}&seed=3&regulator=true")
    shown.until("frame.tick > 10 && view.stats.drawn > 10")
    assert shown.errors == []
    assert shown.get("view.stats.largest") <= 10_000
    box = shown.page.locator(".el-picture canvas").bounding_box()
    for agent in range(shown.get("state.world.agents.length")):
        x, y = shown.get(f"view.placeOf({agent})")
        assert 0 < x < box["width"] and 0 < y < box["height"]


def test_all_that_is_drawn_is_finite_or_says_so():
    world = models.make("grid/ieee30", seed=3)
    world.run(50)
    for name, part in world.frame().items():
        assert np.isfinite(part).all() or name in ("limit", "choice")
    json.dumps([world.scene(), *(asdict(world.inspect(i)) for i in range(len(world.agent_names)))], allow_nan=False)
