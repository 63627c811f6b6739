"""The server's door: under which names it answers, whom it obeys, what it prints, and how it stands behind a proxy."""

import re
import socket
import socketserver
import threading
import urllib.error
import urllib.request
from collections import namedtuple

import pytest
from playwright.sync_api import expect
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from app import serve
from app.viewers import hosts
from scenarios import ScenarioError
from tests.page.conftest import ROOT, Tab

GAME = "?scenario=games/prisoners_dilemma&seed=3"
Card = namedtuple("Card", "family address")


def asked(address, **headers):
    """Status and text of an answer."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    method = names.pop("method", "GET")
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=names, method=method)) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_a_strange_name_is_refused_in_a_sentence(server):
    status, said = asked(server.address, Host="other.example")
    assert status == 403 and "other.example" in said and "--allow-host" in said
    for host in ("127.0.0.1", "localhost:8765", "[::1]:80"):
        assert asked(server.address, Host=host)[0] == 200


def test_another_site_posts_nothing_and_opens_no_socket(server):
    place = server.address.replace("http", "ws") + "jupyter/api/kernels/x/channels?session_id=y"
    close = f"{server.address}_solara/api/close/x?session_id=y"
    for origin in ("http://other.example", "http://127.0.0.1:1", "null", "http://[broken"):
        status, said = asked(close, method="POST", Origin=origin)
        assert status == 403 and "own page" in said
        with pytest.raises(InvalidStatus) as refused:
            connect(place, origin=origin)
        assert refused.value.response.status_code == 403
    assert asked(close, method="POST", Origin=server.address.rstrip("/"))[0] == 200
    with connect(place, origin=server.address.rstrip("/")):
        pass


@pytest.mark.parametrize(
    ("listens_on", "allowed", "host", "origin", "welcome"),
    [
        ("127.0.0.1", [], "127.0.0.1:8765", None, True),
        ("127.0.0.1", [], "192.0.2.7:8765", None, False),
        ("127.0.0.1", [], "", None, False),
        ("127.0.0.1", [], "[", None, False),
        ("teacher.test", [], "Teacher.test:8765", None, True),
        ("0.0.0.0", [], "192.0.2.7:8765", None, True),
        ("::", [], "[fd00::7]:8765", None, True),
        ("0.0.0.0", [], "other.example:8765", None, False),
        ("0.0.0.0", [], f"{socket.gethostname()}:8765", None, True),
        ("127.0.0.1", ["lab.test"], "lab.test", "https://lab.test", True),
        ("127.0.0.1", ["lab.test"], "127.0.0.1:8765", "https://lab.test", True),  # a proxy that gives its own name
        ("127.0.0.1", ["lab.test"], "lab.test", "https://other.example", False),
    ],
)
def test_the_page_answers_to_its_names_and_obeys_itself(listens_on, allowed, host, origin, welcome):
    headers = [(b"host", host.encode()), *([(b"origin", origin.encode())] if origin else [])]
    door = hosts.Door(None, listens_on, allowed)
    assert bool(door.refusal({"type": "websocket", "headers": headers})) is not welcome


def test_addresses_can_be_typed(monkeypatch):
    cards = {
        "lo": [Card(socket.AF_INET, "127.0.0.1")],
        "wlan0": [Card(socket.AF_INET, "192.0.2.7"), Card(socket.AF_INET6, "fd00::7")],
        "eth0": [Card(socket.AF_INET, "169.254.0.7"), Card(socket.AF_INET6, "fe80::7%eth0")],
    }
    monkeypatch.setattr("psutil.net_if_addrs", lambda: cards)
    assert hosts.typed_by_others("0.0.0.0") == ["192.0.2.7"]
    assert hosts.typed_by_others("::") == ["192.0.2.7", "fd00::7"]
    assert hosts.typed_by_others("127.0.0.1") == []
    assert hosts.url(hosts.typed_here("0.0.0.0"), 8765) == "http://127.0.0.1:8765/"
    assert hosts.url(hosts.typed_here("::1"), 8765) == "http://[::1]:8765/"


def test_a_taken_port_is_told_in_a_sentence_before_anything_else(everlearn):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, printed, said = everlearn("page", "--port", port, "--no-browser")
    assert (code, printed) == (2, "")
    assert f"port {port} is in use" in said and "--port 0" in said and "Traceback" not in said


def test_a_host_that_is_not_here_is_told_in_a_sentence():
    for host in ("192.0.2.77", "nowhere.invalid"):
        with pytest.raises(ScenarioError, match=host):
            serve.listen(host, 0)


def page(program, *options):
    """Start a page of its own; returns the line that it prints."""
    started = program("-m", "app.cli", "page", "--port", "0", "--no-browser", *options, cwd=ROOT)
    line = started.stdout.readline()
    assert "Everlearn is at http://" in line, line + started.stderr.read()
    return line


def test_a_page_for_all_is_opened_and_printed_under_addresses_that_can_be_typed(program):
    line = page(program, "--host", "0.0.0.0")
    assert "http://127.0.0.1:" in line and "0.0.0.0" not in line
    assert asked(line.split()[3])[0] == 200


class Proxy(socketserver.StreamRequestHandler):
    """Shows what is below /lab/, and takes that off; one request a connection."""

    def handle(self):
        """Pass on a request, then bytes both ways."""
        verb, path, version = self.rfile.readline().decode().split()
        head = list(iter(self.rfile.readline, b"\r\n"))
        if not path.startswith("/lab/"):
            self.wfile.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return
        if not any(b"websocket" in line.lower() for line in head):
            head = [line for line in head if not line.lower().startswith(b"connection:")] + [b"Connection: close\r\n"]
        with socket.create_connection(self.server.behind) as behind:
            behind.sendall(f"{verb} {path.removeprefix('/lab')} {version}\r\n".encode() + b"".join(head) + b"\r\n")
            threading.Thread(target=self.pump, args=(self.rfile.read1, behind.sendall), daemon=True).start()
            self.pump(behind.recv, self.wfile.write)

    @staticmethod
    def pump(read, write):
        """Copy until one side is done."""
        try:
            while data := read(65_536):
                write(data)
        except OSError:
            pass


@pytest.mark.parametrize(("options", "variable"), [(["--root-path", "lab/"], ""), ([], "/lab")])
def test_the_page_works_behind_a_proxy_that_takes_a_path_off(chromium, program, monkeypatch, options, variable):
    monkeypatch.setenv("SOLARA_ROOT_PATH", variable)
    line = page(program, *options)
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Proxy) as proxy:
        proxy.daemon_threads = True
        proxy.behind = ("127.0.0.1", int(line.split()[3].rstrip(",").rsplit(":", 1)[1].strip("/")))
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        context = chromium.new_context()
        tab = Tab(context.new_page(), f"http://127.0.0.1:{proxy.server_address[1]}/lab/")
        try:
            tab.open()
            tab.page.locator(".el-card").first.wait_for()
            tab.open(GAME)
            tab.until("frame.tick > 0")
            tab.page.locator(".el-chart canvas").wait_for()
            assert tab.page.url.startswith(tab.address)
            assert (tab.errors, tab.outside) == ([], [])
        finally:
            context.close()
            proxy.shutdown()


@pytest.mark.parametrize("others", [["http://teacher.test:8765/"], []])
def test_what_is_shared_is_an_address_that_others_can_type(tab, others):
    shown = tab()
    shown.page.route("**/everlearn/addresses.json", lambda route: route.fulfill(json=others))
    shown.open(GAME)
    run = shown.get("state.world.run")
    shown.page.get_by_role("button", name="Share").click()
    place = others[0] if others else shown.address
    start, very = shown.page.locator(".el-dialog input").all()
    expect(very).to_have_value(f"{place}?run={run}")
    expect(start).to_have_value(re.compile(re.escape(f"{place}?scenario=games/prisoners_dilemma")))
    expect(shown.page.get_by_text("Only this computer")).to_be_visible(visible=not others)
