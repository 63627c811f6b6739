"""Agents of the market as Mesa sees them."""

from models.view import View


class Participant(View):
    """A company, the storage unit or the regulator."""

    @property
    def profit(self) -> float:
        """Earned in the last hour, $."""
        return float(self.model.state.profit[self.index])

    @property
    def regret(self) -> float:
        """What its best reply would have earned more in the hour sampled last, $."""
        return float(self.model.state.regret[self.index])
