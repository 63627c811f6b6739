"""The page's document as Solara writes it, corrected: language, zoom, and a storage where the browser has none.

In a frame on another site browsers refuse `localStorage` by throwing; Solara's script and ours read it while they
start. There they are given one that lasts as long as the page.
"""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

VIEWPORT = b"width=device-width, initial-scale=1, maximum-scale=1, user-scalable=no, minimal-ui"
MENDED = {
    b"<html>": b'<html lang="en">',
    VIEWPORT: b"width=device-width, initial-scale=1",
    b"<head>": b"""<head><script>
try { localStorage.length } catch {
  const kept = new Map();
  const storage = {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => kept.set(name, String(value)),
    removeItem: (name) => kept.delete(name),
  };
  Object.defineProperty(window, "localStorage", { value: storage });
}
</script>""",
}


class Document:
    """ASGI middleware that corrects the HTML that Solara sends."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; HTML is sent when it is complete."""
        start: Message = {}
        body = b""

        async def mend(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
                if not MutableHeaders(scope=message).get("content-type", "").startswith("text/html"):
                    start = {}
                    await send(message)
                return
            if not start:
                await send(message)
                return
            body += message.get("body", b"")
            if message.get("more_body"):
                return
            for old, new in MENDED.items():
                body = body.replace(old, new, 1)
            MutableHeaders(scope=start)["content-length"] = str(len(body))
            await send(start)
            await send({"type": "http.response.body", "body": body})

        await (self.app(scope, receive, mend) if scope["type"] == "http" else self.app(scope, receive, send))
