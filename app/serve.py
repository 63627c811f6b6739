"""The server: Solara's own application, with our files and the stored front end mounted beside it.

Solara's asset proxy deletes a cached folder when somebody asks for that folder, so a complete store is served as
plain files and the proxy is switched off. With an incomplete store Solara fetches what it needs by its own way.
"""

import errno
import os
import socket
import threading
import warnings
import webbrowser
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

import models
import scenarios
from app import assets
from app.processes.compiling import COMPILERS
from app.runs.manager import MOST_WORLDS, RUNS
from app.viewers import hosts
from app.viewers.document import Document
from app.viewers.messages import MOST_BYTES
from app.worlds import catalogue, offered
from scenarios import ScenarioError

STATIC = Path(__file__).parent / "static"
DEFAULTS = {
    "SOLARA_APP": "app.page",
    "SOLARA_KERNEL_CULL_TIMEOUT": "5s",  # how long a lost connection may take to come back; then its run ends
    "SOLARA_ROOT_PATH": "",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
    "SOLARA_THEME_LOADER": "plain",
    "SOLARA_THEME_SHOW_BANNER": "False",
    "SOLARA_THEME_TITLE": "Everlearn",
    "SOLARA_MODE": "production",
}


class Files(StaticFiles):
    """Static files with a fixed Cache-Control."""

    def __init__(self, directory: Path, cache: str) -> None:
        super().__init__(directory=directory)
        self.cache = cache

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """Add the header to every answer."""
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = self.cache
        return response


class Painters(Files):
    """A painter of every world, by its name: the page's own, one beside the world's model, or that of graphs."""

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """Where a file lies, and its properties; only names of worlds lead out of the folder."""
        found = super().lookup_path(path)
        kind = path.removesuffix(".js")
        if found[1] is not None or kind not in scenarios.domains():
            return found
        own = models.folder(kind) / "painter.js"
        file = own if own.is_file() else STATIC / "worlds" / "graph.js"
        return str(file), file.stat()


def application(host: str, port: int, allowed: Iterable[str], root_path: str) -> Starlette:
    """Build the ASGI application. Settings are read by Solara when it is first imported, so they are set before."""
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)
    os.environ["SOLARA_ROOT_PATH"] = root_path

    def addresses(request: Request) -> JSONResponse:
        """What the page offers to share where it is open under an address that holds for this machine alone."""
        return JSONResponse([hosts.url(other, port) for other in hosts.typed_by_others(host)])

    routes: list[Route | Mount] = [
        Route("/everlearn/addresses.json", addresses),
        Mount("/everlearn/worlds", Painters(STATIC / "worlds", "no-cache")),
        Mount("/everlearn", Files(STATIC, "no-cache")),  # no-cache: asked each time, sent only when changed
    ]
    if not assets.missing():
        os.environ.update(SOLARA_ASSETS_PROXY="False", SOLARA_ASSETS_CDN=f"{root_path}/assets")
        routes.append(Mount("/assets", Files(assets.folder(), "public, max-age=31536000, immutable")))
    from solara.server import starlette as solara_server

    return Starlette(
        routes=[*routes, *solara_server.routes],
        lifespan=solara_server.lifespan,
        middleware=[
            Middleware(hosts.Door, host=host, allowed=allowed),
            *solara_server.middleware,
            Middleware(Document),
        ],
    )


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 takes a free one.

    Raises
    ------
    ScenarioError
        When the port is taken, or the host is none of this machine's.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        both = host == "::" and socket.has_dualstack_ipv6()
        return socket.create_server((host, port), family=family, backlog=2048, dualstack_ipv6=both)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            told = f"page: port {port} is in use, perhaps by another Everlearn"
            raise ScenarioError(f"{told}; choose another with --port, or any free one with --port 0") from None
        told = f"cannot listen on {host}, port {port} ({error.strerror})"
        raise ScenarioError(
            f"page: {told}; --host must be an address of this computer, --port between 1024 and 65535"
        ) from None


def main(
    host: str = "127.0.0.1", port: int = 8765, open_browser: bool = True, root_path: str = "",
    allowed: Iterable[str] = (), compile_ahead: bool = True, most_worlds: int = MOST_WORLDS,
    own: Iterable[str] = (),
) -> None:  # fmt: skip
    """Serve the page until interrupted.

    Parameters
    ----------
    host, port
        To listen on; port 0 takes a free one.
    open_browser
        Whether to open it here.
    root_path
        Path under which a proxy shows the page, and which it takes off; without it, SOLARA_ROOT_PATH.
    allowed
        Names under which a proxy shows the page.
    compile_ahead
        Whether all worlds are compiled before anybody opens them.
    most_worlds
        How many may be alive at a time, of all tabs.
    own
        Scenario files, and folders that `everlearn import` wrote, which the page shows first; the first one is opened.

    Raises
    ------
    ScenarioError
        When the port is taken, the host is none of this machine's, or a scenario cannot be read.
    """
    RUNS.most = most_worlds
    shown = [offered.offer(path) for path in own]
    listening = listen(host, port)
    port = listening.getsockname()[1]
    path = (root_path or os.environ.get("SOLARA_ROOT_PATH", "")).strip("/")
    root_path = f"/{path}" if path else ""
    # Solara says on every page load that its cookie is for its own site only, which is what a local page wants.
    warnings.filterwarnings("ignore", message="Cookies with samesite=none require https")
    served = application(host, port, allowed, root_path)  # takes a second or two; the browser is opened afterwards
    address = hosts.url(hosts.typed_here(host), port) + (f"?{urlencode({'scenario': shown[0]})}" if shown else "")
    behind = f", for a proxy that shows it under {root_path}/" if root_path else ""
    print(f"Everlearn is at {address}{behind} (Ctrl-C ends it)", flush=True)
    if hosts.listens_on_all(host) and not root_path:
        others = [hosts.url(other, port) for other in hosts.typed_by_others(host)]
        print(
            f"Others open {' or '.join(others)}" if others else "This computer has no address that others can open.",
            flush=True,
        )
    if open_browser and not root_path:
        threading.Timer(0.5, webbrowser.open, [address]).start()
    config = uvicorn.Config(
        served, log_level="warning", timeout_graceful_shutdown=2, root_path=root_path,
        ws_max_size=MOST_BYTES + 1_000_000,  # and what is said beside the file
    )  # fmt: skip
    if compile_ahead:
        COMPILERS.go_through([card["name"] for card in catalogue.cards()])
    try:
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listening])
    finally:
        COMPILERS.close()


if __name__ == "__main__":
    main(port=int(os.environ.get("PORT", "8765")), open_browser=False)
