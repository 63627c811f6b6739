"""Cars as Mesa agents: named views on the arrays of the crossing."""

from models.crossing.state import IDLE, IN_BOX, ON_LANE, TICK_S
from models.view import View
from scenarios.crossing.parameters import SIDES


class Car(View):
    """One car."""

    @property
    def place(self) -> str:
        """Where it is: away, coming, waiting, crossing, wrecked."""
        where = self.model.state.where[self.index]
        if where == ON_LANE:
            return "waiting" if self.wait_s > 0 else "coming"
        return {IDLE: "away", IN_BOX: "crossing"}.get(int(where), "wrecked")

    @property
    def side(self) -> str:
        """The side it comes from, or last came from."""
        return SIDES[self.model.state.side[self.index]]

    @property
    def wait_s(self) -> float:
        """Time it has lost on its lane."""
        state = self.model.state
        if state.where[self.index] != ON_LANE:
            return 0.0
        return max(0.0, self.model.tick * TICK_S - float(state.free_s[self.index]))
