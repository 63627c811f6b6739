"""What agents with a memory recall, as a person meets it."""

import os

import pytest

from tests.page.test_page import pause, play

CONGESTION = "?scenario=games/congestion&seed=3"


@pytest.fixture(scope="module")
def lived(tabs):
    """A tab in which the game has lived through two passes of its plans at full speed, and holds, to be looked at."""
    shown = tabs.take({"width": 1440, "height": 900}, {}).open(CONGESTION)
    play(shown)
    shown.until("frame.tick > 24_000", timeout_s=90)
    pause(shown)
    shown.page.wait_for_timeout(300)  # the last picture of a run that holds
    yield shown
    tabs.keep(shown, {})


def letters(shown, lane):
    """Letters of the stretches of a lane that have room for one."""
    return shown.page.locator(f".el-tl {lane} text").all_text_contents()


def switch(shown):
    return shown.page.get_by_label("Lifelong memory")


def test_the_memory_lane_shows_three_contexts_each_like_its_regime_and_when_agents_notice(lived):
    shown = lived
    found = "".join(letters(shown, ".el-recalled"))
    assert len(found) >= 5 and found in "ABC" * 10
    fills = [rect.get_attribute("style").split(";")[0] for rect in shown.page.locator(".el-recalled rect").all()]
    assert {"fill:url(#el-reg-a)", "fill:url(#el-reg-b)", "fill:url(#el-reg-c)"} <= set(fills)
    assert "memory: " in shown.page.locator(".el-tl svg").first.get_attribute("aria-label")
    assert shown.page.locator(".el-noticed path").count() >= 5  # one per change of regime
    assert "agents notice" in shown.page.locator(".el-tl .el-legend").inner_text()
    assert shown.page.locator(".el-bars rect").count() >= 2  # A and B have come back
    if folder := os.environ.get("EVERLEARN_SCREENSHOTS"):
        shown.page.screenshot(path=f"{folder}/memory.png")
    assert shown.errors == [] and shown.outside == []


def test_at_full_speed_the_lane_reaches_the_playhead_and_changes_with_the_world(tab):
    """Several regimes pass between two pictures; both lanes are then drawn as of one tick."""
    shown = tab().open(CONGESTION)
    play(shown)
    shown.until("state.memory.lane?.tick > 100_000", timeout_s=90)  # it comes a few times a second
    for _ in range(8):
        ends, now, kinds = shown.page.evaluate(
            "() => { const t = document.querySelector('.el-tl');"
            "const rects = [...t.querySelectorAll('.el-recalled rect')];"
            "const end = (r) => Number(r.getAttribute('x')) + Number(r.getAttribute('width'));"
            "return [Math.max(...rects.map(end)), Number(t.querySelector('.el-now').getAttribute('x1')),"
            "new Set(rects.map((r) => r.getAttribute('style'))).size]; }"
        )
        assert abs(ends - now) <= 1 and kinds >= 3
        shown.page.wait_for_timeout(120)


def test_a_memory_is_taken_away_and_given_back_at_reset(tab):
    shown = tab().open(CONGESTION)
    shown.until("frame.tick > 0")
    assert switch(shown).is_checked()
    switch(shown).click()
    shown.page.get_by_role("button", name="Reset to apply 1").click()
    shown.until("state.world.lifelong === false && state.memory.number && frame.tick > 0")
    assert shown.page.locator(".el-recalled").count() == 0 and not switch(shown).is_checked()
    shown.page.wait_for_function("location.search.includes('lifelong=false')")
    switch(shown).click()
    shown.page.get_by_role("button", name="Reset to apply 1").click()
    shown.until("state.world.lifelong && state.memory.lane && frame.tick > 0")
    assert shown.page.locator(".el-recalled").count() == 1 and switch(shown).is_checked()
    assert shown.errors == []


def test_the_inspector_lists_the_tables_that_are_remembered(lived):
    inspector = lived.page.get_by_label("Inspector")
    assert "Q with memory" in inspector.inner_text()
    told = inspector.locator(".el-memory").all_inner_texts()
    assert [text.removesuffix(", in use") for text in told[:3]] == ["A plan A", "B plan B", "C plan C"]
    assert sum(text.endswith(", in use") for text in told) <= 1  # none during a search
    assert "rounds into regime" in inspector.inner_text()


@pytest.mark.parametrize("search", ["?scenario=games/prisoners_dilemma&seed=3", "?scenario=traffic/rush_hour&seed=3"])
def test_there_is_no_memory_lane_where_nobody_has_a_memory(tab, search):
    shown = tab().open(search)
    shown.until("frame.tick > 0 && state.memory.number", timeout_s=90)
    assert shown.page.locator(".el-recalled").count() == 0
    assert shown.page.locator(".el-tl").get_by_text("Memory", exact=True).count() == 0
    assert switch(shown).is_visible() is ("rush_hour" in search)  # which has regimes to remember
    assert shown.errors == []


@pytest.mark.parametrize(
    ("search", "said"),
    [
        ("?scenario=games/congestion&learner=random&lifelong=true", "has no table to remember"),
        ("?scenario=games/congestion&lifelong=perhaps", "true or false"),
    ],
)
def test_a_memory_that_cannot_be_given_is_said_in_a_sentence(tab, search, said):
    shown = tab().open(search)
    shown.page.locator(".el-problem").get_by_text(said).wait_for()


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 768)])
def test_both_lanes_fit_on_one_screen(lived, width, height):
    shown = lived
    shown.resize(width, height)
    sizes = shown.page.evaluate(
        "() => { const e = document.querySelector('.el'); return [e.scrollHeight, e.scrollWidth]; }"
    )
    assert sizes == [height, width]
    assert shown.page.locator(".el-picture canvas").bounding_box()["height"] > height * 0.4
    sidebar = shown.page.locator(".el-right").bounding_box()
    for text in shown.page.locator(".el-bars svg").all():
        box = text.bounding_box()
        assert box["x"] >= sidebar["x"] and box["x"] + box["width"] <= sidebar["x"] + sidebar["width"]


def test_the_page_says_whether_a_memory_is_worth_it_and_shows_what_is_kept(lived):
    shown = lived  # the last test of it, for here it goes on
    worth = shown.page.locator(".el-worth")
    worth.get_by_text("A memory pays here").wait_for(timeout=60_000)
    shown.page.keyboard.press("Space")  # an opened table stays open while the world goes on
    worth.get_by_text("What is kept of each regime").click()
    shown.page.wait_for_timeout(800)
    assert worth.locator("svg").first.is_visible()
    tables = [table.get_attribute("aria-label") for table in worth.locator("svg").all()]
    assert [table.split(":")[0] for table in tables] == ["Kept without memory", "Kept with memory"]
    assert "after A, 100" in tables[0] and "−" in tables[0] and "−" not in tables[1]
    assert shown.errors == [] and shown.outside == []
