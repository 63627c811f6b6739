"""The page as a person meets it, in a real browser."""

import pytest

GAME = "?scenario=games/prisoners_dilemma&seed=3"
TRAFFIC = "?scenario=traffic/rush_hour&seed=3"


def play(tab, speed="max"):
    tab.page.locator(".el-speed button").nth(1 if speed == "max" else 0).click()


def pause(tab):
    tab.page.get_by_role("button", name="Pause").click()
    tab.until("state.status.playing === false")


def choose(tab, label, value):
    tab.page.get_by_label(label).evaluate(
        "(range, value) => { range.value = value; range.dispatchEvent(new Event('input')); "
        "range.dispatchEvent(new Event('change')); }",
        value,
    )


def test_nothing_is_asked_of_another_machine_and_nothing_is_missing(tab):
    """A blank page would pass the first half alone, so the picture and the chart must be there."""
    shown = tab(own=True).open()
    shown.page.locator(".el-card").first.click()
    shown.until("frame.tick > 0")
    shown.page.locator(".el-chart canvas").wait_for()
    assert shown.outside == []
    assert shown.errors == []


def test_the_gallery_has_a_card_for_every_scenario_and_finds_them(tab):
    import scenarios

    shown = tab().open()
    assert shown.page.locator(".el-card").count() == len(scenarios.names())
    shown.page.keyboard.press("/")
    shown.page.keyboard.type("dilemma")
    assert shown.page.locator(".el-card h3").all_inner_texts()[0].startswith("Prisoner")
    assert shown.page.locator(".el-card").count() == 1


def test_the_learning_curve_moves(tab):
    shown = tab().open(GAME)
    play(shown)
    shown.until("state.curve.columns[0].length > 20")
    points = shown.get("state.curve.columns[1].filter(Number.isFinite)")
    assert len(set(points)) > 5
    assert shown.page.locator(".el-chart .el-end").count() >= 1


def test_a_step_is_one_tick_and_pausing_holds(tab):
    shown = tab().open(GAME)
    shown.until("frame.tick > 0")
    shown.page.keyboard.press("Space")
    shown.until("state.status.playing === false")
    shown.page.wait_for_timeout(300)
    before = shown.get("frame.tick")
    shown.page.keyboard.press(".")
    shown.until(f"frame.tick === {before + 1}")
    shown.page.get_by_role("button", name="Step").click()
    shown.until(f"frame.tick === {before + 2}")
    shown.page.wait_for_timeout(300)
    assert shown.get("frame.tick") == before + 2


def test_the_picture_has_colours_and_says_what_it_shows(tab):
    shown = tab().open(TRAFFIC)
    shown.until("frame.tick > 30")
    colours = shown.page.evaluate(
        "() => { const c = document.querySelector('.el-picture canvas'); "
        "const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; "
        "const s = new Set(); for (let i = 0; i < d.length; i += 4) s.add(d[i] << 16 | d[i + 1] << 8 | d[i + 2]); "
        "return s.size; }"
    )
    assert colours > 8
    assert "signals" in shown.page.locator(".el-picture canvas").get_attribute("aria-label")


def test_a_change_applies_marks_the_timeline_and_is_kept_in_the_address(tab):
    shown = tab().open(TRAFFIC)
    shown.until("frame.tick > 0")
    choose(shown, "Cooperation", 0.5)
    shown.until("state.status.parameters.cooperation === 0.5")
    shown.until("state.status.events.length === 1")
    shown.page.wait_for_function("location.search.includes('cooperation=0.5')")
    shown.page.keyboard.press("c")
    shown.page.get_by_role("button", name="Release").click()
    shown.until("!('cooperation' in state.status.changed)")
    assert shown.get("state.status.parameters.cooperation") == shown.get(
        "state.world.knobs.find((knob) => knob.name === 'cooperation').value"
    )


def test_a_road_can_be_closed_and_the_schedule_comes_back(tab):
    shown = tab().open(TRAFFIC)
    shown.until("frame.tick > 0")
    shown.page.keyboard.press("c")
    panel = shown.page.get_by_role("dialog", name="Change this world")
    panel.get_by_label("Road").select_option(label="B2–B3")
    panel.locator(".el-block").filter(has_text="Close a road").get_by_role("button").click()
    shown.until("state.status.parameters.closed_links.includes('B2-B3')")
    panel.get_by_role("button", name="Release").click()
    shown.until("state.status.parameters.closed_links.length === 0")


@pytest.mark.parametrize("more", ["", "&graph=ring&nodes=8"])
def test_a_click_on_a_road_closes_it_and_another_opens_it(tab, more):
    shown = tab().open(TRAFFIC + more)
    shown.until("frame.tick > 0")
    box = shown.page.locator(".el-picture canvas").bounding_box()
    edge = 3
    names = shown.get(f"state.world.scene.switches.names[{edge}]")
    x, y = shown.get(f"view.placeOfEdge({edge})")
    shown.page.mouse.click(box["x"] + x, box["y"] + y)
    shown.until(f"state.status.parameters.closed_links.join() === '{names[0]}'")
    shown.until("state.status.events[0]?.[1].startsWith('Close road')")
    shown.page.mouse.click(box["x"] + x, box["y"] + y)
    shown.until("state.status.parameters.closed_links.length === 0")


def test_a_learner_is_chosen_at_reset(tab):
    shown = tab().open(GAME)
    play(shown)
    shown.until("frame.tick > 100")
    shown.page.get_by_label("Learner", exact=True).select_option("random")
    pause(shown)
    shown.page.get_by_role("button", name="Reset to apply 1").click()
    shown.until("state.status.learner === 'random' && frame.tick === 0")
    shown.page.wait_for_function("location.search.includes('learner=random')")


def test_clicking_an_agent_opens_the_inspector_and_tab_goes_on(tab):
    shown = tab().open(TRAFFIC)
    shown.until("frame.tick > 0")
    shown.page.locator(".el-sidebar.el-right h2").nth(1).wait_for()
    first = shown.get("state.agent")
    box = shown.page.locator(".el-picture canvas").bounding_box()
    x, y = shown.get("view.placeOf(5)")
    shown.page.mouse.click(box["x"] + x, box["y"] + y)
    shown.until("state.agent === 5")
    assert first != 5
    shown.page.locator(".el-insp svg, .el-words").first.wait_for()
    shown.page.keyboard.press("Tab")
    shown.until("state.agent === 6")


def test_two_tabs_do_not_disturb_each_other(tab):
    one, two = tab().open(GAME), tab().open(GAME)
    one.until("frame.tick > 0")
    two.until("frame.tick > 0")
    pause(one)
    one.page.wait_for_timeout(200)
    held = one.get("frame.tick")
    before = two.get("frame.tick")
    two.until(f"frame.tick > {before + 5}")
    assert one.get("frame.tick") == held
    assert one.get("state.world.run") != two.get("state.world.run")


def test_a_run_can_be_watched_by_two_and_ends_with_the_last(tab, alone, server):
    assert server.runs_become(0)
    one = tab().open(GAME)
    two = tab().open(f"?run={one.get('state.world.run')}")
    assert server.runs_become(1)
    two.page.keyboard.press("Space")
    for each in (one, two):
        each.until("state.status.playing === false")
    one.page.close()
    two.page.keyboard.press("Space")
    tick = two.get("frame.tick")
    two.until(f"frame.tick > {tick}")
    two.page.close()
    assert server.runs_become(0)
    assert "viewer" not in server.threads()


def test_a_run_ends_soon_after_its_last_tab_is_gone_without_a_word(tab, alone, server):
    assert server.runs_become(0)
    shown = tab().open(f"{GAME}&solara-no-close-beacon")  # as when a phone or a browser is switched off
    assert server.runs_become(1)
    shown.page.close()
    assert server.runs_become(0)
    assert "viewer" not in server.threads()


def test_a_lost_connection_comes_back_to_the_same_run(tab):
    shown = tab().open(GAME)
    run, tick = shown.get("state.world.run"), shown.get("frame.tick")
    shown.page.evaluate(
        "() => { const kernel = window.solara.debug.kernel(); window.heard = [];"
        "kernel.connectionStatusChanged.connect((_, status) => window.heard.push(status)); }"
    )
    for times in (1, 2):
        shown.page.evaluate("window.solara.debug.kernel()._ws.close()")
        shown.page.wait_for_function(f"window.heard.filter((status) => status === 'connected').length === {times}")
    shown.until(f"frame.tick > {tick + 20}")
    assert shown.get("state.world.run") == run


def test_a_reload_comes_back_to_a_run_that_others_watch_and_starts_ones_own_again(tab):
    one = tab().open(GAME)
    run = one.get("state.world.run")
    two = tab().open(f"?run={run}")
    two.page.reload()
    two.until(f"state.world?.run === '{run}' && frame.tick > 0")
    one.page.reload()
    one.until("frame.tick > 0")
    assert one.get("state.world.run") != run


@pytest.mark.parametrize("more", ["utm_source=moodle", "utm_source=x&fbclid=1&redirect=0&id=7"])
def test_keys_that_others_add_to_a_link_change_nothing(tab, more):
    shown = tab().load(f"?{more}")
    assert shown.page.locator(".el-card").count() > 0
    shown.load(f"{GAME}&cooperation=0.5&{more}")
    shown.until("frame.tick > 0 && state.status.parameters.cooperation === 0.5")
    assert shown.page.locator(".el-problem").count() == 0


def test_maximum_speed_leaves_no_traceback_and_answers(tab, server):
    shown = tab().open(TRAFFIC)
    play(shown)
    shown.until("frame.tick > 20000")
    shown.page.keyboard.press("Space")
    shown.until("state.status.playing === false")
    assert shown.errors == []
    assert server.faults() == []


def test_a_frame_of_five_hundred_vehicles_is_small(tab):
    shown = tab().open(f"{TRAFFIC}&rows=6&columns=6&demand_veh_per_s=0.14")
    play(shown)
    shown.until("view.stats.mostVehicles >= 500")
    shown.until("frame.tick > 0")
    assert shown.get("view.stats.largest") <= 10_000


@pytest.mark.parametrize(
    ("search", "said"),
    [
        ("?scenario=traffic/rush_hr", "rush_hour"),
        ("?scenario=traffic/rush_hour&seed=soon", "whole number"),
        ("?scenario=traffic/rush_hour&demnd_veh_per_s=1", "Did you mean"),
        ("?scenario=traffic/rush_hour&cooperation=7", "cooperation"),
        ("?scenario=traffic/rush_hour&demand_csv=/dev/zero", "does not open files"),
        ("?scenario=/etc/passwd.toml", "there is no scenario"),
        (f"?scenario=games/chicken&payoff={300 * '['}", "payoff"),
        ("?scenario=traffic/rush_hour&learner=wizard", "wizard"),
        ("?run=gone", "ended"),
    ],
)
def test_what_cannot_be_shown_is_said_in_a_sentence(tab, search, said):
    shown = tab().open(search)
    problem = shown.page.locator(".el-problem")
    problem.wait_for()
    assert said in problem.inner_text()
    assert "Traceback" not in shown.page.locator("body").inner_text()
    problem.get_by_role("link", name="See all worlds").click()
    shown.page.locator(".el-card").first.wait_for()


def test_dark_is_dark_and_is_remembered(tab):
    shown = tab().open(GAME)
    background = "() => getComputedStyle(document.querySelector('.el')).backgroundColor"
    assert shown.page.evaluate(background) == "rgb(255, 255, 255)"
    shown.page.keyboard.press("d")
    assert shown.page.evaluate(background) == "rgb(20, 27, 30)"
    shown.load(GAME)
    assert shown.page.evaluate(background) == "rgb(20, 27, 30)"


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 768)])
def test_a_world_fits_on_one_screen(tab, width, height):
    shown = tab(width, height).open(TRAFFIC)
    sizes = shown.page.evaluate(
        "() => { const e = document.querySelector('.el'); return [e.scrollHeight, e.scrollWidth]; }"
    )
    assert sizes == [height, width]
    controls = shown.page.locator(".el-controls").bounding_box()
    assert controls["y"] + controls["height"] <= height
    canvas = shown.page.locator(".el-picture canvas").bounding_box()
    assert canvas["height"] > height * 0.4


def test_less_motion_means_stills(tab):
    shown = tab(reduced_motion="reduce").open(TRAFFIC)
    shown.until("frame.tick > 0")
    before = shown.get("view.stats.received")
    shown.page.wait_for_timeout(2000)
    assert shown.get("view.stats.received") - before <= 6


def test_a_change_that_is_refused_says_why_and_the_world_goes_on(tab):
    shown = tab().open(TRAFFIC)
    shown.until("frame.tick > 0")
    shown.page.keyboard.press("c")
    panel = shown.page.get_by_role("dialog", name="Change this world")
    panel.get_by_label("Value").fill("99")
    panel.get_by_role("button", name="Apply").click()
    alert = shown.page.locator(".el-refusal")
    alert.wait_for()
    assert "demand_veh_per_s" in alert.inner_text()
    tick = shown.get("frame.tick")
    shown.until(f"frame.tick > {tick}")


def test_roads_that_are_not_level_or_upright_are_drawn_too(tab):
    shown = tab().open("?scenario=traffic/rush_hour&graph=ring&nodes=8")
    shown.until("frame.tick > 10 && view.stats.drawn > 10")
    assert shown.errors == []
