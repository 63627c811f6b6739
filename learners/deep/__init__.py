"""What learners with a network share: what it is shown, its arrays, and what it has gathered. Needs the extra `ppo`.

Torch runs on one thread in this process from here on: networks of this size lose by two (more than six times slower on
two cores), and one thread gives the same bytes everywhere.
"""

from scenarios.schema import missing_package

try:
    import stable_baselines3  # noqa: F401  (asked for once, so that whoever needs it gets one clear sentence)
    import torch
except ModuleNotFoundError:
    raise missing_package("ppo", "stable-baselines3", "ppo") from None

torch.set_num_threads(1)
