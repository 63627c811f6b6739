"""Learners of the catalogue on environments that are not ours: `learners.play`.

An environment of Gymnasium or PettingZoo (parallel) takes the place of a world, so the bodies of the loop, of learners
and of memories are those that run in our worlds, and in our own environments they learn the same to the last byte.
`spaces.py` makes states or features of observations, `player.py` plays.
"""

from learners.foreign.player import Player, play

__all__ = ["Player", "play"]
