"""Parameters of firms that post prices (or quantities) in one market."""

from typing import Literal, Self

from pydantic import model_validator

from scenarios import schema
from scenarios.schema import knob

JOINT_LIMIT = 100_000  # entries of the profit table: levels to the power of firms

Numbers = tuple[float, ...]

LOGIT = {"demand": ("logit",)}
LINEAR = {"demand": ("homogeneous", "cournot")}


class Parameters(schema.Parameters):
    """A market of a few firms; defaults are the baseline of Calvano et al. 2020."""

    firms: int = knob(2, "Firms in the market.", low=2, high=6, live=False)
    demand: Literal["logit", "homogeneous", "cournot"] = knob(
        "logit",
        "What buyers do: logit (differentiated products), homogeneous (all buy from the cheapest, who share), or "
        "cournot (firms choose quantities, one price clears the market).",
        live=False,
    )
    moves: Literal["simultaneous", "sequential"] = knob(
        "simultaneous", "Whether all firms choose in every period, or one after the other.", live=False
    )
    memory: int = knob(
        1,
        "Past periods that a firm sees; 0: none, as a control. Firms that move in turn see their rivals' standing "
        "prices (1) or nothing (0).",
        unit="periods",
        low=0,
        high=2,
        live=False,
    )
    levels: int = knob(15, "Prices (or quantities) to choose from.", low=2, high=201, live=False)
    margin: float = knob(
        0.1,
        "How far the choices reach beyond the competitive and the joint optimum, as a share of the way between them.",
        low=0.0,
        high=5.0,
        live=False,
    )
    level_range: Numbers = knob((), "Lowest and highest choice; empty: as `margin` says.", live=False)
    marginal_cost: float = knob(1.0, "Cost of a unit.", unit="money", low=0.0, high=2.0)
    cost_differences: Numbers = knob((), "Added to the cost of each firm; empty for none.", unit="money")
    quality: float = knob(2.0, "Logit: value of a product to buyers.", unit="money", low=-2.0, high=6.0, only=LOGIT)
    quality_differences: Numbers = knob(
        (), "Added to the quality of each firm; empty for none.", unit="money", only=LOGIT
    )
    outside_quality: float = knob(0.0, "Logit: value of buying nothing.", unit="money", low=-6.0, high=6.0, only=LOGIT)
    differentiation: float = knob(
        0.25, "Logit: how much buyers' tastes differ; at low values small price differences decide.",
        unit="money", low=0.05, high=2.0,
        only=LOGIT,
    )  # fmt: skip
    choke_price: float = knob(
        1.0, "Homogeneous and cournot: price at which nobody buys; demand is this less the price.",
        unit="money", low=0.1, high=10.0,
        only=LINEAR,
    )  # fmt: skip
    absent_firms: tuple[int, ...] = knob((), "Firms out of the market, by number from 1: entry and exit.")
    forced: Literal["no", "best reply", "competitive", "joint optimum"] = knob(
        "no",
        "What firm 1 must choose, whatever it has learned: the reply that earns most in this period, the competitive "
        "price, or that of the joint optimum.",
    )

    @model_validator(mode="after")
    def _check_market(self) -> Self:
        if self.levels**self.firms > JOINT_LIMIT:
            raise ValueError(
                f"levels = {self.levels} with firms = {self.firms} gives {self.levels**self.firms:,} combinations, "
                f"more than {JOINT_LIMIT:,}; take at most {int(JOINT_LIMIT ** (1 / self.firms))} levels or fewer firms"
            )
        if self.moves == "sequential" and self.memory > 1:
            raise ValueError("memory = 2 is for simultaneous moves; firms that move in turn take memory = 1 or 0")
        for name in ("cost_differences", "quality_differences"):
            if len(given := getattr(self, name)) not in (0, self.firms):
                raise ValueError(
                    f"{name} has {len(given)} numbers; give one for each of the {self.firms} firms, or none"
                )
        if self.level_range and not (len(self.level_range) == 2 and 0 <= self.level_range[0] < self.level_range[1]):
            raise ValueError(
                f"level_range = {list(self.level_range)}; give the lowest choice, then a higher one, or leave it empty"
            )
        if not set(self.absent_firms) <= set(range(1, self.firms + 1)):
            raise ValueError(f"absent_firms = {list(self.absent_firms)}; firms are numbered 1 to {self.firms}")
        if len(set(self.absent_firms)) == self.firms:
            raise ValueError("absent_firms leaves nobody in the market; at least one firm must stay")
        return self
