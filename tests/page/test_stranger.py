"""A world of one's own on the page: a card, a live picture by the painter of graphs, and by one beside its model."""

import pytest

from tests import stranger
from tests.page.conftest import PATIENCE_S, Tab
from tests.page.test_server import asked


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """A copy of the house with the world of the tutorial."""
    return stranger.house(tmp_path_factory.mktemp("house"), "add-a-world.md")


@pytest.mark.parametrize("own", [True, False], ids=["painter beside the model", "painter of graphs"])
def test_a_world_of_ones_own_has_a_card_and_a_live_picture(chromium, program, house, monkeypatch, own):
    monkeypatch.setenv("PYTHONPATH", str(house))
    if not own:
        (house / "models" / "common_pool" / "painter.js").unlink()
    started = program("-m", "app.cli", "page", "--port", "0", "--no-browser", cwd=house)
    address = started.stdout.readline().split()[3].rstrip(",")
    context = chromium.new_context()
    context.set_default_timeout(1000 * PATIENCE_S)
    shown = Tab(context.new_page(), address)
    try:
        shown.open()
        shown.page.get_by_role("link", name="Open access").get_by_text("8 boats").wait_for()
        shown.open("?scenario=common_pool/open_access&seed=3")
        shown.until("frame.tick > 20")
        words = "boats are out" if own else "8 agents: "
        shown.page.wait_for_function(
            "(words) => document.querySelector('.el-picture canvas').ariaLabel.includes(words)", arg=words
        )
        assert shown.errors == []
        assert asked(f"{address}everlearn/worlds/nobody.js")[0] == 404
        assert asked(f"{address}everlearn/worlds/..%2f..%2fserve.py")[0] == 404
    finally:
        context.close()
