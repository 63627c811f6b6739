"""A town with its own roads, as a person meets it: come closer, ask a signal, close a street."""

TOWN = "?scenario=traffic/market_town&seed=3"


def test_a_person_comes_closer_asks_a_signal_and_closes_a_street(tab):
    shown = tab().open(TOWN)
    shown.until("frame.tick > 60 && frame.parts", timeout_s=60)
    canvas = shown.page.locator(".el-picture canvas")
    assert canvas.get_attribute("aria-label").startswith("4 signals, ")
    whole = [shown.get(f"view.placeOf({agent})") for agent in range(4)]
    box = canvas.bounding_box()
    x, y = whole[1]
    shown.page.mouse.move(box["x"] + x, box["y"] + y)
    shown.page.mouse.wheel(0, -800)
    shown.until(f"Math.hypot(view.placeOf(0)[0] - {whole[0][0]}, view.placeOf(0)[1] - {whole[0][1]}) > 100")
    near = shown.get("view.placeOf(1)")
    assert abs(near[0] - x) < 2 and abs(near[1] - y) < 2  # what is under the hand stays there
    canvas.click(position={"x": near[0], "y": near[1]})
    shown.page.get_by_text("Signal market").first.wait_for()
    shown.page.mouse.move(box["x"] + x, box["y"] + y)
    shown.page.mouse.down()
    shown.page.mouse.move(box["x"] + x - 60, box["y"] + y + 20, steps=4)
    shown.page.mouse.up()
    shown.until(f"Math.abs(view.placeOf(1)[0] - {near[0] - 60}) < 3")  # and goes where the hand takes it
    shown.page.keyboard.press("0")
    shown.until(f"Math.abs(view.placeOf(0)[0] - {whole[0][0]}) < 1")
    street = shown.get("state.world.scene.switches.names.findIndex((names) => names.includes('mill to town-hall'))")
    x, y = shown.get(f"view.placeOfEdge({street})")
    canvas.click(position={"x": x, "y": y})
    shown.until("state.status.parameters.closed_links.includes('mill to town-hall')")
    assert shown.errors == [] and shown.outside == []
