"""Tabs without a browser: what a viewer hears and says, and waiting for it."""

import threading
import time

from app.viewers.viewer import Viewer


class Widget:
    """What a viewer knows of its tab: a place where messages go."""

    def __init__(self):
        self.sent = []

    def on_msg(self, listener, remove=False):
        pass

    def send(self, message, buffers=None):
        self.sent.append(message)


class Visitor:
    """A tab without a browser."""

    def __init__(self, search):
        self.widget = Widget()
        self.viewer = Viewer(self.widget)
        self.search = search
        self.enter()

    def enter(self):
        self.say({"k": "open", "search": self.search})
        wait_for(lambda: self.viewer.run and self.viewer.run.status.life)

    @property
    def run(self):
        return self.viewer.run

    def say(self, message, buffers=()):
        self.viewer._heard(self.widget, message, buffers)

    def told(self, kind):
        """Last text of a kind."""
        texts = [message for message in list(self.widget.sent) if message["k"] == kind]
        return texts[-1] if texts else {}


def wait_for(condition, seconds=60):
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def caught_up(run):
    """Wait until a run has carried out all orders so far."""
    done = threading.Event()
    run._order(done.set, revives=True)
    assert done.wait(60)


def goes_on(run):
    tick = run.snapshot.tick
    wait_for(lambda: run.snapshot.tick > tick)
