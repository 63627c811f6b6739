"""By which names the page is reached: those it answers to, those others can type, and whose requests it obeys.

Every site that a browser visits can send requests to this machine. So a request must name the page as one of its own
names (else a stranger's name may have been pointed here: DNS rebinding), and what changes anything must come from the
page itself (Origin). An address instead of a name cannot be pointed elsewhere, so where the page listens on all of the
machine's addresses it answers to any: behind a router or in a container it need not know its own.
"""

import ipaddress
import socket
from collections.abc import Iterable
from urllib.parse import urlsplit

import psutil
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

HERE = {"127.0.0.1", "localhost", "::1"}
READS = {"GET", "HEAD", "OPTIONS"}  # what another site's request may do, whose answer it cannot read


def url(host: str, port: int) -> str:
    """The address of the page, as people type it."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def listens_on_all(host: str) -> bool:
    """Whether a host to listen on stands for all addresses of this machine."""
    address = _address(host)
    return address is not None and address.is_unspecified


def typed_here(host: str) -> str:
    """The host by which this machine reaches what listens on `host`."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)


def typed_by_others(host: str) -> list[str]:
    """Addresses by which other machines reach what listens on `host`: none where it listens for this machine alone."""
    if not listens_on_all(host):
        return [] if host in HERE else [host]
    kinds = [socket.AF_INET] if host == "0.0.0.0" else [socket.AF_INET, socket.AF_INET6]
    cards = psutil.net_if_addrs().values()
    found = [entry.address for kind in kinds for card in cards for entry in card if entry.family == kind]
    return [one for one in found if (known := _address(one)) and not (known.is_loopback or known.is_link_local)]


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


class Door:
    """Turns away requests under a strange name, and those that other sites send.

    Parameters
    ----------
    app
        What is served to all others.
    host
        That the server listens on.
    allowed
        More names: those that a proxy gives the page.
    """

    def __init__(self, app: ASGIApp, host: str, allowed: Iterable[str]) -> None:
        self.app, self.any_address = app, listens_on_all(host)
        self.allowed = {name.lower() for name in allowed}
        self.names = {*HERE, host.lower(), *self.allowed}
        if self.any_address:
            machine = socket.gethostname().lower()
            self.names |= {machine, f"{machine}.local"}  # as other machines in the same room find it

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 403 with a sentence, or hand on."""
        refusal = self.refusal(scope) if scope["type"] in ("http", "websocket") else ""
        app = PlainTextResponse(refusal, 403) if refusal else self.app
        await app(scope, receive, send)

    def refusal(self, scope: Scope) -> str:
        """Why a request is turned away; empty where it is not."""
        headers = Headers(scope=scope)
        host, origin = headers.get("host", ""), headers.get("origin")
        name = _name(f"//{host}")
        if name not in self.names and not (self.any_address and _address(name)):
            return f"Everlearn is not called {name[:60]!r} here. If that is its name, give it with --allow-host NAME.\n"
        if origin is None or scope.get("method") in READS:
            return ""
        if origin.lower().partition("://")[2] == host.lower() or _name(origin) in self.allowed:
            return ""
        told = f"Everlearn obeys its own page only, at {host[:60]!r}, and this request comes from {origin[:60]!r}."
        return f"{told} Behind a proxy, start it with --allow-host and the name that people type.\n"


def _name(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
