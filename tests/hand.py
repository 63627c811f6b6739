"""The loop's kernels, callable from Python: tests write a turn by hand and call one step of the loop at a time."""

from engine import loop
from engine.generic import entry


@entry
def judge(turn):
    """Close the returns of those who decide."""
    loop.judge(turn)


@entry
def hold(turn):
    """Those who have decided start gathering anew."""
    loop.hold(turn)


@entry
def gather(turn, course):
    """Mix rewards into gains, and add them to the returns."""
    loop.gather(turn, course)
