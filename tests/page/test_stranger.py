"""A world of one's own on the page: a card, a live picture by the painter of graphs, and by one beside its model."""

import pytest

from tests import stranger
from tests.page.conftest import PATIENCE_S, Tab
from tests.page.test_server import asked


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """A copy of the house with the world of the tutorial."""
    return stranger.house(tmp_path_factory.mktemp("house"), "add-a-world.md")


def test_a_world_of_ones_own_has_a_card_and_a_live_picture_by_its_painter_and_without_by_that_of_graphs(
    chromium, program, house, monkeypatch
):
    monkeypatch.setenv("PYTHONPATH", str(house))
    started = program("-m", "app.cli", "page", "--port", "0", "--no-browser", cwd=house)
    address = started.stdout.readline().split()[3].rstrip(",")
    context = chromium.new_context()
    context.set_default_timeout(1000 * PATIENCE_S)
    shown = Tab(context.new_page(), address)
    try:
        for words in ("boats are out", "8 agents: "):
            shown.load()
            shown.page.get_by_role("link", name="Open access").get_by_text("8 boats").wait_for()
            shown.load("?scenario=common_pool/open_access&seed=3")
            shown.until("frame.tick > 20")
            shown.page.wait_for_function(
                "(words) => document.querySelector('.el-picture canvas').ariaLabel.includes(words)", arg=words
            )
            assert shown.errors == []
            assert asked(f"{address}everlearn/worlds/nobody.js")[0] == 404
            assert asked(f"{address}everlearn/worlds/..%2f..%2fserve.py")[0] == 404
            (house / "models" / "common_pool" / "painter.js").unlink(missing_ok=True)  # the second time without
    finally:
        context.close()
