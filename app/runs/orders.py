"""What other threads ask of a run, done by the run's own thread, one order after the other."""

import queue
from collections.abc import Callable


class Orders:
    """Orders that have come and are not carried out yet."""

    def __init__(self) -> None:
        self._waiting: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()

    def put(self, order: Callable[[], None]) -> None:
        """Give an order, from any thread."""
        self._waiting.put(order)

    def end(self) -> None:
        """Say that no more will come."""
        self._waiting.put(None)

    def obey(self, wait_s: float) -> bool:
        """Carry out the orders that have come, waiting for one at most so long; False when told to end."""
        try:
            order = self._waiting.get(timeout=wait_s) if wait_s else self._waiting.get_nowait()
            while order is not None:
                order()
                order = self._waiting.get_nowait()
            return False
        except queue.Empty:
            return True
