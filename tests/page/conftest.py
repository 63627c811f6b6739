"""A real server process and a real Chromium for the tests of the page."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PATIENCE_S = 120  # a world is compiled while others use the machine; what is waited for is never loosened
HERE = re.compile(r"(https?|wss?)://127\.0\.0\.1[:/]|data:|blob:")


@pytest.fixture(scope="session")
def chromium():
    """The system's Chromium; a machine without one skips these tests, but CI must have it."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        told = "the page tests need Chromium (Debian: apt-get install chromium)"
        pytest.fail(told) if "CI" in os.environ else pytest.skip(told)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """Address of a server of our own, ended with the tests."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path_factory.mktemp("server") / "log"
    command = [sys.executable, "-m", "tests.page.server", str(port)]
    with log.open("w") as output:
        process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            break
        except OSError:
            assert process.poll() is None, log.read_text()
            time.sleep(0.1)
    server = Server(process, log, f"http://127.0.0.1:{port}/")
    yield server
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Server:
    """The server process and what it printed."""

    def __init__(self, process: subprocess.Popen, log: Path, address: str) -> None:
        self.process, self.log, self.address = process, log, address

    def output(self) -> str:
        """Everything printed so far."""
        return self.log.read_text()

    def faults(self, since: int = 0) -> list[str]:
        """Tracebacks printed since then, but those of Solara's own, whose threads race when a kernel is closed."""
        told = self.output()[since:].split("Traceback (most recent call last)")[1:]
        return [each for each in told if "site-packages/solara/" not in each.rpartition('File "')[2]]

    def threads(self) -> list[str]:
        """First words of the names of the server's threads."""
        seen = self.output().count("threads ")
        self.process.send_signal(signal.SIGUSR1)
        for _ in range(50):
            time.sleep(0.1)
            if self.output().count("threads ") > seen:
                return self.output().rsplit("threads ", 1)[1].splitlines()[0].split()
        raise AssertionError("the server did not answer")

    def runs_become(self, number: int) -> bool:
        """Whether there are soon so many runs; a closed tab tells the server a moment later, if at all."""
        return any(self.threads().count("run") == number for _ in range(100))


class Tab:
    """A tab that keeps what went wrong in it, and asks for what the page shows."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.outside: list[str] = []
        self.errors: list[str] = []
        self._listeners = {
            "request": lambda request: HERE.match(request.url) or self.outside.append(request.url),
            "response": lambda answer: answer.status >= 400 and self.errors.append(f"{answer.status} {answer.url}"),
            "console": lambda said: said.type == "error" and self.errors.append(said.text),
            "pageerror": lambda error: self.errors.append(str(error)),
        }
        for event, listener in self._listeners.items():
            page.on(event, listener)

    def stop_listening(self) -> None:
        """Hear nothing more of the page."""
        for event, listener in self._listeners.items():
            self.page.remove_listener(event, listener)

    def open(self, search: str = "") -> "Tab":
        """Load an address and wait for its first picture, or for what stands in its place."""
        self.page.goto(self.address + search)
        self.page.locator(".el-picture canvas, .el-card, .el-problem").first.wait_for()
        if "scenario=" in search:  # a refusal may come after the first picture
            self.until("state.status && view?.stats?.drawn || document.querySelector('.el-problem')")
        return self

    def until(self, condition: str, timeout_s: float = PATIENCE_S) -> None:
        """Wait until an expression over `state`, `frame` and `view` holds."""
        self.page.wait_for_function(self._script(condition), timeout=1000 * timeout_s)

    def get(self, expression: str):
        """Value of an expression over `state`, `frame` and `view`."""
        return self.page.evaluate(self._script(expression))

    @staticmethod
    def _script(expression: str) -> str:
        return (
            "() => { const view = window.everlearn?.view, state = view?.state ?? {}, frame = state.frame ?? {}; "
            f"return {expression}; }}"
        )


class Pages:
    """Pages that are used again, by device: what was fetched and compiled once need not be so for every test."""

    def __init__(self, browser: Browser, address: str) -> None:
        self._browser, self._origin = browser, address.rstrip("/")
        self._free: dict[str, list[Page]] = {}

    def take(self, device: dict[str, Any], width: int, height: int, media: dict[str, str]) -> Page:
        """A page that remembers nothing, of some size."""
        free = self._free.setdefault(str(device), [])
        page = free.pop() if free else self.new(**device)
        place = {"origin": self._origin, "storageTypes": "local_storage"}
        page.context.new_cdp_session(page).send("Storage.clearDataForOrigin", place)
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(**{"color_scheme": "light", "reduced_motion": "no-preference", **media})
        return page

    def new(self, **device: Any) -> Page:
        """A page with a context of its own."""
        context = self._browser.new_context(**device)
        context.set_default_timeout(1000 * PATIENCE_S)
        return context.new_page()

    def give_back(self, device: dict[str, Any], tab: "Tab") -> None:
        """Leave the page, which ends its run."""
        tab.stop_listening()
        if tab.page.is_closed():
            tab.page.context.close()
        else:
            tab.page.context.set_offline(False)
            tab.page.unroute_all()
            tab.page.goto("about:blank")
            self._free[str(device)].append(tab.page)


@pytest.fixture(scope="session")
def pages(chromium: Browser, server: Server):
    """Pages for all tests."""
    return Pages(chromium, server.address)


@pytest.fixture
def tab(server: Server, pages: Pages):
    """Make tabs, of a size, with preferences (`color_scheme`, `reduced_motion`) and of a device (`is_mobile`, ...)."""
    taken = []

    def make(width: int = 1440, height: int = 900, **device: Any) -> Tab:
        media = {name: device.pop(name) for name in ("color_scheme", "reduced_motion") if name in device}
        tab = Tab(pages.take(device, width, height, media), server.address)
        taken.append((device, tab))
        return tab

    yield make
    for each in taken:
        pages.give_back(*each)
