"""An actor and a critic of Stable-Baselines3 with their optimizer, as arrays that are copied and saved like all others.

The policy, its initial weights and the training are the library's own (Raffin et al. 2021, JMLR 22); what is saved are
numbers, never a pickled object. Both libraries draw from process-wide generators: building and training therefore
happen one at a time, with these generators seeded for the occasion and put back afterwards.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import gymnasium
import numpy as np
import torch
from stable_baselines3 import PPO
from stable_baselines3.common.buffers import RolloutBuffer
from stable_baselines3.common.logger import Logger

_ONE_AT_A_TIME = threading.Lock()


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Seed the global generators of torch and NumPy, for one thread at a time; leave them as they were found."""
    with _ONE_AT_A_TIME, torch.random.fork_rng(devices=[]):
        before = np.random.get_state()
        torch.default_generator.manual_seed(seed)
        np.random.seed(seed)
        try:
            yield
        finally:
            np.random.set_state(before)


class Hyperparameters(Protocol):
    """What the network needs to be told; names and meanings are Stable-Baselines3's."""

    @property
    def hidden(self) -> Sequence[int]: ...
    @property
    def learning_rate(self) -> float: ...
    @property
    def n_epochs(self) -> int: ...
    @property
    def clip_range(self) -> float: ...
    @property
    def target_kl(self) -> float: ...
    @property
    def vf_coef(self) -> float: ...
    @property
    def max_grad_norm(self) -> float: ...


class _Shapes(gymnasium.Env):
    """Tells the library what goes in and out; the loop owns the clock, so it is never stepped."""

    def __init__(self, inputs: int, actions: int) -> None:
        self.observation_space = gymnasium.spaces.Box(-np.inf, np.inf, (inputs,), np.float32)
        self.action_space = gymnasium.spaces.Discrete(actions)


class Network:
    """Maps what agents see to logits of their actions and to a value."""

    def __init__(self, inputs: int, actions: int, wanted: Hyperparameters, seed: int) -> None:
        layers: dict[str, Any] = {"net_arch": list(wanted.hidden)}
        with seeded(seed):
            self.model = PPO(
                "MlpPolicy",
                _Shapes(inputs, actions),
                learning_rate=wanted.learning_rate,
                n_steps=2,  # of the library's own buffer, which every `train` replaces
                batch_size=2,
                n_epochs=wanted.n_epochs,
                clip_range=wanted.clip_range,
                target_kl=wanted.target_kl,
                vf_coef=wanted.vf_coef,
                max_grad_norm=wanted.max_grad_norm,
                policy_kwargs=layers,
                device="cpu",
            )
        self.model.set_logger(Logger(folder=None, output_formats=[]))
        adam = self.model.policy.optimizer
        for weights in self.model.policy.parameters():  # as Adam itself begins, but now, so that they can be saved
            zeros = {name: torch.zeros_like(weights) for name in ("exp_avg", "exp_avg_sq")}
            adam.state[weights] = {"step": torch.tensor(0.0), **zeros}

    def evaluate(self, seen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Logits (n, K) and values (n,), float64, of what is seen (n, inputs)."""
        policy = self.model.policy
        with torch.inference_mode():
            for_actor, for_critic = policy.mlp_extractor(torch.tensor(seen))
            logits, values = policy.action_net(for_actor), policy.value_net(for_critic)
        return logits.numpy().astype(np.float64), values.numpy().astype(np.float64)[:, 0]

    def train(self, rows: dict[str, np.ndarray], minibatches: int, ent_coef: float, seed: int) -> None:
        """One call of the library's `train` on `rows`: its buffer's arrays by name, one row per transition."""
        model, number = self.model, len(rows["actions"])
        buffer = RolloutBuffer(number, model.observation_space, model.action_space, "cpu")
        for name, values in rows.items():
            getattr(buffer, name).reshape(number, -1)[...] = values.reshape(number, -1)
        buffer.pos, buffer.full = number, True
        model.rollout_buffer, model.ent_coef = buffer, ent_coef
        model.batch_size = -(-number // minibatches)
        with seeded(seed):
            model.train()
        model.policy.set_training_mode(False)

    def rescale_values(self, factor: float, offset: float) -> None:
        """Let every value v become factor v + offset."""
        with torch.no_grad():
            self.model.policy.value_net.weight.mul_(factor)
            self.model.policy.value_net.bias.mul_(factor).add_(offset)

    def arrays(self) -> dict[str, np.ndarray]:
        """Weights and the optimizer's state by name; they share memory with the network, so writing moves it."""
        adam = self.model.policy.optimizer
        found = {}
        for name, weights in self.model.policy.named_parameters():
            found[name] = weights.detach().numpy()
            found |= {f"{name}.{key}": value.numpy() for key, value in adam.state[weights].items()}
        return found
