"""The Solara page: one widget of our own per tab; everything people see is drawn by the files in ``static``."""

from collections.abc import Callable

import anywidget
import solara

from app.viewers.viewer import Viewer

# anywidget loads this text from a blob, so the path must be made absolute; the real program is static/main.js.
ENTRY = """
const entry = new URL(`${window.solara?.rootPath ?? ""}/everlearn/main.js`, location.href).href;
export default { render: async (context) => (await import(entry)).render(context) };
"""


class Stage(anywidget.AnyWidget):
    """The whole page; what it shows arrives in messages, not in synchronised traits."""

    _esm = ENTRY


@solara.component
def Page() -> None:
    """Show the gallery or a live world, as the address says."""
    solara.Title("Everlearn")
    element = Stage.element()

    def connect() -> Callable[[], None]:
        return Viewer(solara.get_widget(element)).close

    solara.use_effect(connect, [])
