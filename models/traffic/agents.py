"""Signals as Mesa agents: named views on the arrays of the traffic world."""

from models.view import View

PHASES = ("north–south", "north–south left", "east–west", "east–west left")


class Signal(View):
    """One signal."""

    @property
    def queue_veh(self) -> int:
        """Vehicles that stand at it or wait to enter there."""
        return int(self.model.state.queue_veh[self.index])

    @property
    def phase(self) -> str:
        """The direction that has green, or had it before the present yellow."""
        return PHASES[self.model.state.phase[self.index]]

    @property
    def changing(self) -> bool:
        """Whether it is yellow."""
        return bool(self.model.state.next_phase[self.index] >= 0)
