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
        page.on("request", lambda request: HERE.match(request.url) or self.outside.append(request.url))
        page.on("response", lambda answer: answer.status >= 400 and self.errors.append(f"{answer.status} {answer.url}"))
        page.on("console", lambda said: said.type == "error" and self.errors.append(said.text))
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def open(self, search: str = "") -> "Tab":
        """Go to an address as the page's own links do, and wait for its first picture, or what stands in its place."""
        if not self.page.url.startswith(self.address):
            return self.load(search)
        self.leave()
        self._go(search)
        return self._shown(search)

    def load(self, search: str = "") -> "Tab":
        """Load an address as somebody else's link does, and wait likewise."""
        self.page.goto(self.address + search)
        return self._shown(search)

    def leave(self) -> None:
        """End what is shown: a run that is no more is asked for, and once that is said, no message comes of another."""
        self._go("?run=none")
        self.page.locator(".el-problem").wait_for()

    def tidy(self) -> None:
        """Leave, and forget what a test chose, heard and did."""
        self.page.unroute_all()
        self.leave()
        self.page.evaluate(
            "() => { localStorage.clear(); document.activeElement?.blur?.(); "
            "const theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'; "
            "document.querySelector('.el').dataset.theme = theme; }"
        )
        self.page.mouse.move(0, 0)
        self.errors.clear()
        self.outside.clear()

    def _go(self, search: str) -> None:
        self.page.evaluate(
            "(search) => { history.pushState(null, '', location.pathname + search); "
            "dispatchEvent(new PopStateEvent('popstate')); }",
            search,
        )

    def _shown(self, search: str) -> "Tab":
        self.page.locator(".el-picture canvas, .el-card, .el-problem").first.wait_for()
        if "scenario=" in search:  # a refusal may come after the first picture
            self.until("state.status && view?.stats?.drawn || document.querySelector('.el-problem')")
        return self

    def resize(self, width: int, height: int) -> None:
        """Give the window another size, and wait until the page has drawn itself for it."""
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

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


class Tabs:
    """Tabs that stay open from test to test: to load the page anew costs ten times what going on in it does."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address
        self.idle: list[tuple[dict, Tab]] = []

    def new(self, **options) -> Tab:
        """A tab of its own context, with nothing loaded."""
        context = self.browser.new_context(**options)
        context.set_default_timeout(1000 * PATIENCE_S)
        return Tab(context.new_page(), self.address)

    def take(self, size: dict, options: dict) -> Tab:
        """An idle tab made with these options, or else a new one."""
        for place, (made_with, tab) in enumerate(self.idle):
            if made_with == options:
                del self.idle[place]
                tab.resize(**size)
                return tab
        return self.new(viewport=size, **options)

    def keep(self, tab: Tab, options: dict) -> None:
        """Have a tab ready for the next test, where it is still open."""
        if tab.page.is_closed() or not tab.page.url.startswith(self.address):
            tab.page.context.close()
        else:
            tab.tidy()
            self.idle.append((options, tab))

    def close(self) -> None:
        """Close all that are idle."""
        for _, tab in self.idle:
            tab.page.context.close()
        self.idle.clear()


@pytest.fixture(scope="session")
def tabs(chromium: Browser, server: Server):
    """Tabs between tests."""
    tabs = Tabs(chromium, server.address)
    yield tabs
    tabs.close()


@pytest.fixture
def alone(tabs: Tabs):
    """Nobody else looks at the server: idle tabs are closed."""
    tabs.close()


@pytest.fixture
def tab(tabs: Tabs, request: pytest.FixtureRequest):
    """Give tabs, each of its own context: as others left it, tidied, or a new one for this test alone (`own`)."""
    given, failed = [], request.session.testsfailed

    def give(width: int = 1440, height: int = 900, own: bool = False, **options) -> Tab:
        size = {"width": width, "height": height}
        tab = tabs.new(viewport=size, **options) if own else tabs.take(size, options)
        given.append((tab, options, own))
        return tab

    yield give
    for tab, options, own in given:
        if own or request.session.testsfailed > failed:  # what a test broke is nobody else's
            tab.page.context.close()
        else:
            tabs.keep(tab, options)
