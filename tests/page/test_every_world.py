"""Every shipped world on the page: each key and each button once, and what is drawn is of one moment."""

import pytest

import scenarios
from models.games.payoffs import payoffs

BOX = "document.querySelector('[role=dialog]')"
KEYS = [  # and what holds when the page has heard it
    (".", "state.status.playing === false"),
    ("Space", "state.status.playing"),
    ("Space", "state.status.playing === false"),
    ("ArrowLeft", "frame.looking || frame.live === 1"),
    ("ArrowRight", "!frame.looking || frame.tick > 0"),
    ("Space", "!frame.looking"),
    ("Tab", "state.agent !== null"),
    ("c", BOX),
    ("Escape", f"!{BOX}"),
    ("p", "document.querySelector('.el-drawer')"),
    ("d", "document.querySelector('[data-theme=dark]')"),
    ("d", "document.querySelector('[data-theme=light]')"),
    ("?", BOX),
    ("?", f"!{BOX}"),
    ("f", "state.pair"),
    ("c", BOX),
    ("Escape", f"!{BOX}"),
    ("Escape", "!state.pair"),
]


CUT_OFF = """[...document.querySelectorAll('.el-stagehead *')].filter((part) => {
  const place = part.closest('.el-key, .el-stagehead');  // the bar at the bottom has little room in a what-if
  const { right, bottom } = place.getBoundingClientRect(), own = part.getBoundingClientRect();
  return own.right > right || own.bottom > bottom; }).map((part) => part.outerHTML)"""


def faults_of(shown, server, before):
    """What went wrong in a tab and in the server meanwhile."""
    return shown.errors + server.faults(before)


@pytest.fixture(scope="module")
def browser_tab(tabs):
    """One tab for all worlds, which goes from one to the next as by the gallery's links."""
    shown = tabs.take({"width": 1440, "height": 900}, {}).open()
    yield shown
    tabs.keep(shown, {})


@pytest.mark.parametrize("name", scenarios.names())
def test_every_key_and_button_of_a_world_does_something_or_nothing_but_never_fails(browser_tab, server, name):
    shown, before = browser_tab, len(server.output())
    shown.errors.clear()
    shown.page.evaluate(
        "(search) => { history.pushState(null, '', search); dispatchEvent(new PopStateEvent('popstate')); }",
        f"?scenario={name}",
    )
    shown.until(f"state.world?.name === '{name}' && frame.tick > 0")
    shown.resize(1280, 720)
    assert shown.get(CUT_OFF) == [], "what the key says of the picture is cut off"
    shown.resize(1440, 900)
    for key, then in KEYS:
        shown.page.keyboard.press(key)
        shown.until(then)
    press = shown.page.locator(".el-controls").get_by_role("button", name="Step")
    press.click()
    shown.until("state.status.playing === false")
    shown.get("state.world.isOld = true")
    shown.page.locator(".el-controls").get_by_role("button", name="Reset").click()
    shown.until("!state.world.isOld && state.status")
    shown.page.locator(".el-controls").get_by_role("button", name="Change").click()
    shown.page.get_by_role("dialog").get_by_role("button", name="Apply").click()
    shown.until("state.status.events.length > 0 || state.status.refusal")
    shown.page.keyboard.press("Escape")
    shown.page.locator(".el-controls").get_by_role("button", name="What if").click()
    shown.until("state.pair")
    shown.resize(1280, 720)
    assert shown.get(CUT_OFF) == [], "what the key says of both pictures is cut off"
    shown.resize(1440, 900)
    for name in ("Change B", "Close"):
        shown.page.locator(".el-controls").get_by_role("button", name=name).click()
    shown.until("!state.pair")
    assert faults_of(shown, server, before) == []


RECORD = """() => {
  const texts = (window.texts = []), draw = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (text, ...where) {
    texts.push(String(text)); return draw.call(this, text, ...where); };
  window.everlearn.view.redraw();
}"""


def told(value):
    return f"{round(value * 10) / 10:g}".replace("-", "−")


def test_the_matrix_on_the_picture_is_that_of_the_last_round(tab):
    """Row and column players have payoffs of their own, which differ by the hour."""
    shown = tab(own=True).open("?scenario=games/cyclic_climbing&seed=3")  # whose canvas is tampered with
    shown.until("frame.tick > 3")
    shown.page.keyboard.press("Space")
    shown.until("state.status.playing === false")
    parameters = scenarios.load("games/cyclic_climbing").world
    for _ in range(parameters.hours):
        tick = shown.get("frame.tick")
        shown.page.keyboard.press(".")
        shown.until(f"frame.tick === {tick + 1}")
        shown.page.evaluate(RECORD)
        shown.page.wait_for_function("() => window.texts.some((text) => text.startsWith('Payoffs'))")
        hour = tick % parameters.hours
        row, column = payoffs(parameters, hour)
        cells = {f"{told(row[i, j])}, {told(column[i, j])}" for i in range(len(row)) for j in range(len(row))}
        drawn = shown.page.evaluate("window.texts")
        assert {text for text in drawn if ", " in text and "Payoffs" not in text} == cells
        assert any(f"at hour {hour};" in text for text in drawn)


def test_the_inspector_says_of_what_moment_it_speaks(tab):
    shown = tab().open("?scenario=games/climbing&seed=3")
    shown.until("frame.tick > 3")
    shown.page.keyboard.press("Space")
    shown.until("state.status.playing === false")
    shown.page.keyboard.press(".")
    clock = shown.page.locator(".el-status b").first
    shown.page.wait_for_function(
        "() => document.querySelector('[aria-label=Inspector]').innerText"
        ".includes(document.querySelector('.el-status b').innerText + ': Chose')"
    )
    assert clock.inner_text().startswith("round ")


@pytest.mark.parametrize(
    "value, against, good, unit, text",
    [
        (-0.45, 0.277, "high", "", "✕ 0.727 under random"),
        (274.0, 1.0, "low", "$/h", "✕ 273 $/h over random"),
        (0.5, 0.0, "high", "", "✓ 0.5 over random"),
        (12.0, 10.0, "low", "s", "✕ 20 % over random"),
        (8.0, 10.0, "low", "s", "✓ 20 % under random"),
        (40.0, 10.0, "high", "", "✓ 4 times random"),
        (-12.0, -10.0, "high", "", "✕ 20 % under random"),
        (-40.0, -10.0, "high", "", "✕ 30 under random"),
        (10.1, 10.0, "high", "", "○ like random"),
        (0.0, 0.0, "high", "", "○ like random"),
    ],
)
def test_a_verdict_keeps_its_sign_and_divides_by_nothing_that_is_nearly_nothing(
    browser_tab, value, against, good, unit, text
):
    given = [value, against, "random", good, unit]
    script = "async (given) => (await import('/everlearn/words.js')).verdict(...given).text"
    assert browser_tab.page.evaluate(script, given) == text


def test_every_regime_of_every_world_has_a_fill_of_its_own(browser_tab):
    paint = "async (n) => [...Array(n).keys()].map((await import('/everlearn/regimes.js')).paint)"
    most = max(len({regime.name for regime in scenarios.load(name).regime}) for name in scenarios.names())
    fills = browser_tab.page.evaluate(paint, most)
    assert len(set(fills)) == most >= 4
    assert all(browser_tab.page.locator(f"pattern#{fill[5:-1]}").count() == 1 for fill in fills)


def test_a_route_has_one_colour_on_the_map_and_in_the_inspector(tab):
    shown = tab().open("?scenario=routes/braess&seed=3")
    shown.until("frame.tick > 0")
    inspector = shown.page.get_by_label("Inspector")
    inspector.locator(".el-key rect").first.wait_for()
    hues = "all => all.map((each) => getComputedStyle(each).fill)"
    keys = inspector.locator(".el-key rect").evaluate_all(hues)
    named = "async () => (await import('/everlearn/worlds/shared/actions.js')).HUES.map((hue) => `var(--${hue}-fill)`)"
    resolve = """fills => fills.map((fill) => { const at = document.createElement("i"); at.style.color = fill;
        document.querySelector(".el").append(at); return getComputedStyle(at).color; })"""
    drawn = shown.page.evaluate(resolve, shown.page.evaluate(named))
    assert len(keys) == 3 and keys == drawn[:3]


def test_an_inspector_never_counts_more_days_than_have_passed(tab):
    shown = tab().open("?scenario=routes/forty_drivers&seed=3")
    shown.until("frame.tick > 20")
    shown.page.keyboard.press("Space")
    shown.until("state.status.playing === false")
    said = "document.querySelector('[aria-label=Inspector]').innerText"
    shown.until(
        f"{said}.includes(`times in ${{frame.tick.toLocaleString('en-US')}} days`)"
    )  # of the frame that is shown


def test_a_market_without_makers_offers_no_parameters_of_makers(tab):
    shown = tab().open("?scenario=market/one_pair")
    shown.until("frame.tick > 0")
    names = set(shown.get("state.world.knobs.map((knob) => knob.name)"))
    assert not names & {"makers_present", "inventory_cost", "volatility"} and {"tax", "cooperation"} <= names
