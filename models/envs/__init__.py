"""Any world as an environment of others: Gymnasium (one agent), PettingZoo and Stable-Baselines3 (all).

Importing this package registers every scenario with Gymnasium.
"""

from models.envs.one_agent import OneAgent

__all__ = ["OneAgent"]
