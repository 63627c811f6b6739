"""Proximal policy optimisation that never stops: Stable-Baselines3's policy and training, inside our loop.

The group has one network (`learners.deep.sight` says what it is shown). Agents act by its probabilities, drawn from the
group's own stream. Once they have gathered `rollout_size` transitions, one call of the library's `PPO.train` learns
from all of them; nobody resets the world.
Source: Schulman, Wolski, Dhariwal, Radford and Klimov 2017, arXiv 1707.06347. Other than there, for a life in our
worlds:

*Time.* Agents are due at times of their own. A transition lasts from one decision of an agent to its next, with the
returns and the discount that the loop gives (semi-Markov); advantages run along each agent's own chain.
*Scale.* Rewards differ by orders of magnitude between worlds and regimes. The critic learns returns less their running
mean, over their running deviation; when these move, its last layer moves against them, so no value changes (Pop-Art:
van Hasselt et al. 2016, NeurIPS). Advantages are normalised by the library.
*Entropy floor.* A policy that has become certain tries nothing new, and a policy gradient learns nothing about what it
does not try. The weight of entropy in the objective therefore rises with every halving of the way from twice the
`entropy_floor`, a share of the largest entropy log K, down to it: from `ent_coef` to a thousand times what matters
elsewhere. So the mean entropy of decisions does not settle under the floor, though single updates may dip below it. Own
design; soft actor-critic holds entropy at a wanted value by a learned weight (Haarnoja et al. 2018, arXiv 1812.05905).

Frozen agents take the likeliest action.
Known to fail: it learns only from what noise makes it try, so a reward that
noise does not find is never found (MountainCar, notebook 07); it takes orders of magnitude more time than a table; the
floor costs reward where there is nothing left to learn.
"""

from typing import Any, Literal, Self

import numpy as np
from pydantic import Field

from engine import snapshot
from engine.limits import below
from engine.turn import Turn
from learners.base import PythonLearner, Space
from learners.deep import rollout
from learners.deep.network import Network
from learners.deep.rollout import Decisions
from learners.deep.scale import Scale
from learners.deep.sight import Sight
from scenarios.schema import ScenarioError

ENT_COEF_MOST = 10.0  # advantages are normalised, so a policy that is nearly certain has steep gradients to outweigh


class Ppo(PythonLearner):
    """Proximal policy optimisation, learning online (Stable-Baselines3)."""

    wants = "features"
    gamma: float = Field(0.95, ge=0, lt=1, description="Discount factor: weight of later rewards.")
    gamma_per: Literal["decision", "tick"] = Field(
        "tick", description="Whether gamma discounts each decision or each tick."
    )
    gae_lambda: float = Field(
        0.95, ge=0, le=1, description="Lambda of the advantage estimate: how far news travels back."
    )
    rollout_size: int = Field(
        512, ge=2, le=1_000_000, description="Transitions that the group gathers between two updates."
    )
    minibatches: int = Field(4, ge=1, le=1000, description="Optimizer steps in one pass over the gathered transitions.")
    n_epochs: int = Field(10, ge=1, le=100, description="Passes of an update over the gathered transitions.")
    learning_rate: float = Field(1e-3, gt=0, le=1, description="Step size of the optimizer (Adam).")
    clip_range: float = Field(0.2, gt=0, lt=1, description="How far an update may change the probability of an action.")
    target_kl: float = Field(0.02, gt=0, description="An update stops early once the policy has moved this far.")
    vf_coef: float = Field(0.5, ge=0, description="Weight of the critic's error in the objective.")
    max_grad_norm: float = Field(0.5, gt=0, description="Largest norm of a gradient; larger ones are clipped.")
    ent_coef: float = Field(0.01, gt=0, le=1, description="Smallest weight of entropy in the objective.")
    entropy_floor: float = Field(
        0.1, ge=0, lt=1, description="Share of log K; when mean entropy falls below it, the weight of entropy rises."
    )
    hidden: tuple[int, ...] = Field((64, 64), strict=False, description="Units in each hidden layer (tanh).")
    apart: bool = Field(True, description="Tell the network for which agent it decides (in groups of up to 256).")

    def discount(self) -> tuple[float, float]:
        """Discount per decision and per tick."""
        return (self.gamma, 1.0) if self.gamma_per == "decision" else (1.0, self.gamma)

    def weigh_entropy(self, share: float) -> float:
        """Weight of entropy where the policy has this share of the largest: `ent_coef` from twice the floor on."""
        if self.entropy_floor == 0 or share >= 2 * self.entropy_floor:
            return self.ent_coef
        way = min(2.0 - share / self.entropy_floor, 1.0)  # 0 at twice the floor, 1 at the floor
        return float(self.ent_coef ** (1.0 - way) * ENT_COEF_MOST**way)

    def begin(self, space: Space, rng: np.random.Generator) -> "PpoMind":
        """A network with fresh weights, and nothing gathered."""
        return PpoMind(self, space, seed=int(rng.integers(2**32)))

    def act(self, mind: "PpoMind", members: np.ndarray, turn: Turn, rng: np.random.Generator) -> None:
        """Close the transitions of those who decide, and decide anew."""
        thawed = turn.thawed[members]
        mind.rollout.waits[~thawed] = False  # what was decided before a freeze is not learned from after it
        places = np.flatnonzero(turn.deciding[members])
        if not places.size:
            return
        agents = members[places]
        seen = mind.sight.show(places, turn.states[agents], turn.features[agents])
        logits, values = mind.evaluate(seen)
        chances, log_chances = softmax(logits)
        chosen = logits.argmax(axis=1)
        awake = np.flatnonzero(thawed[places])
        drawn = (chances[awake].cumsum(axis=1) < rng.random((awake.size, 1))).sum(axis=1)
        chosen[awake] = np.minimum(drawn, chances.shape[1] - 1)  # rounding may leave the last sum under 1
        closed = mind.close(places, agents, turn, values)
        turn.actions[agents] = chosen
        if awake.size:
            entropy = -(chances * log_chances).sum(axis=1)
            mine = log_chances[np.arange(places.size), chosen]
            new = Decisions(seen, chosen, mine, entropy, values, ~closed)
            mind.open(places[awake], Decisions(*(part[awake] for part in new)))

    def settle(self, mind: "PpoMind", members: np.ndarray, turn: Turn, rng: np.random.Generator) -> None:
        """Learn, once enough has been gathered."""
        if mind.rollout.gathered[0] >= self.rollout_size:
            mind.learn(seed=int(rng.integers(2**32)))


class PpoMind:
    """A network, the scale of its critic, and what the group has gathered; a world copies and saves its arrays."""

    def __init__(self, learner: Ppo, space: Space, seed: int) -> None:
        self.learner, self.space = learner, space
        self.sight = Sight.of(space, learner.apart)
        self.network = Network(self.sight.inputs, space.actions, learner, seed)
        self.scale = Scale.unit()
        self.rollout = rollout.begin(space.agents, self.sight.inputs, learner.rollout_size)

    def evaluate(self, seen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Logits (n, K) and expected returns (n,) of what is seen (n, inputs)."""
        logits, values = self.network.evaluate(seen)
        return logits, self.scale.mean[0] + self.scale.spread() * values

    def close(self, places: np.ndarray, agents: np.ndarray, turn: Turn, values: np.ndarray) -> np.ndarray:
        """Close the transitions of agents who decide again, and say whose (n,).

        Not of those whose action somebody outside has replaced: the policy did not choose it.
        """
        waiting = self.rollout.waiting.action[places] == turn.past_actions[agents]
        closed: np.ndarray = turn.judged[agents] & self.rollout.waits[places] & waiting
        whose = agents[closed]
        rollout.close(self.rollout, places[closed], turn.returns[whose], turn.discount[whose], values[closed])
        return closed

    def open(self, places: np.ndarray, decisions: Decisions) -> None:
        """Let new decisions wait for their outcome."""
        for kept, new in zip(self.rollout.waiting, decisions, strict=True):
            kept[places] = new
        self.rollout.waits[places] = True

    def learn(self, seed: int) -> None:
        """Learn from what was gathered, and begin to gather anew."""
        decided, outcomes = rollout.gathered(self.rollout)
        better = rollout.advantages(decided, outcomes, self.learner.gae_lambda)
        returns = decided.value + better
        mean, spread = self.scale.mean[0], self.scale.spread()
        self.scale.absorb(returns)
        factor = spread / self.scale.spread()
        self.network.rescale_values(factor, (mean - self.scale.mean[0]) / self.scale.spread())
        rows = {
            "observations": decided.seen, "actions": decided.action, "log_probs": decided.log_prob,
            "advantages": better, "returns": self._scaled(returns), "values": self._scaled(decided.value),
        }  # fmt: skip
        ent_coef = self.learner.weigh_entropy(decided.entropy.mean() / np.log(self.space.actions))
        self.network.train(rows, self.learner.minibatches, ent_coef, seed)
        self.rollout.gathered[0] = 0

    def _scaled(self, returns: np.ndarray) -> np.ndarray:
        scaled: np.ndarray = (returns - self.scale.mean[0]) / self.scale.spread()
        return scaled

    def adopt(self, policy: Any) -> None:
        """Take over the weights of a policy trained by Stable-Baselines3 on `models.vec_env`.

        Raises
        ------
        ScenarioError
            Where its layers are not this learner's.
        """
        try:
            self.network.model.policy.load_state_dict(policy.state_dict())
        except RuntimeError as error:
            hint = "give it `hidden` and `apart` to fit, and a world with the same agents"
            raise ScenarioError(f"ppo: the policy has other layers than this learner; {hint} ({error})") from None
        for kept, new in zip(self.scale, Scale.unit(), strict=True):  # its critic knows returns as they are
            kept[...] = new
        self.rollout.waits[:], self.rollout.gathered[0] = False, 0

    def copy(self) -> Self:
        """An independent copy."""
        twin = type(self)(self.learner, self.space, seed=0)
        twin.restore(self.arrays())
        return twin

    def arrays(self) -> dict[str, np.ndarray]:
        """Weights, the optimizer's state, and all that was gathered, by name."""
        kept = snapshot.arrays((self.scale, self.rollout), "kept")
        return {f"network.{name}": array for name, array in self.network.arrays().items()} | kept

    def restore(self, arrays: dict[str, np.ndarray]) -> None:
        """Take over saved arrays (raises NotASnapshot for other shapes, and for actions that do not exist)."""
        for name, weights in self.network.arrays().items():
            snapshot.restore(weights, arrays, f"network.{name}")
        snapshot.restore((self.scale, self.rollout), arrays, "kept")
        for part in (self.rollout.waiting, self.rollout.decided):
            snapshot.check(part.action, "action", below(self.space.actions))


def softmax(logits: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Chances of actions, and their logarithms, both (n, K)."""
    log_chances = logits - logits.max(axis=1, keepdims=True)
    log_chances = log_chances - np.log(np.exp(log_chances).sum(axis=1, keepdims=True))
    return np.exp(log_chances), log_chances
