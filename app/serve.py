"""The server: Solara's own application, with our files and the stored front end mounted beside it.

Solara's asset proxy deletes a cached folder when somebody asks for that folder, so a complete store is served as
plain files and the proxy is switched off. With an incomplete store Solara fetches what it needs by its own way.
"""

import os
import threading
import warnings
import webbrowser
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from app import assets
from app.document import Document

STATIC = Path(__file__).parent / "static"
DEFAULTS = {
    "SOLARA_APP": "app.page",
    "SOLARA_KERNEL_CULL_TIMEOUT": "2m",  # how long a lost connection may take to come back; Solara's default is a day
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

    def file_response(self, *args, **kwargs) -> Response:
        """Add the header to every answer."""
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = self.cache
        return response


def application() -> Starlette:
    """Build the ASGI application. Settings are read by Solara when it is first imported, so they are set before."""
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)
    routes = [Mount("/everlearn", Files(STATIC, "no-cache"))]  # no-cache: asked each time, sent only when changed
    if not assets.missing():
        os.environ.update(SOLARA_ASSETS_PROXY="False", SOLARA_ASSETS_CDN="/assets")
        routes.append(Mount("/assets", Files(assets.folder(), "public, max-age=31536000, immutable")))
    from solara.server import starlette as solara_server

    return Starlette(
        routes=[*routes, *solara_server.routes],
        lifespan=solara_server.lifespan,
        middleware=[*solara_server.middleware, Middleware(Document)],
    )


def main(host: str = "127.0.0.1", port: int = 8765, open_browser: bool = True) -> None:
    """Serve the page until interrupted."""
    address = f"http://{host}:{port}/"
    # Solara says on every page load that its cookie is for its own site only, which is what a local page wants.
    warnings.filterwarnings("ignore", message="Cookies with samesite=none require https")
    served = application()  # takes a second or two; the browser is opened when it is ready
    print(f"Everlearn is at {address} (Ctrl-C ends it)", flush=True)
    if open_browser:
        threading.Timer(0.5, webbrowser.open, [address]).start()
    uvicorn.run(served, host=host, port=port, log_level="warning", timeout_graceful_shutdown=2)


if __name__ == "__main__":
    main(port=int(os.environ.get("PORT", "8765")), open_browser=False)
