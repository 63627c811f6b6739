"""Traders and makers as Mesa agents: named views on their accounts and quotes."""

from models.market.state import ASK, BID
from models.view import View


class Account(View):
    """One trader or maker."""

    @property
    def cash(self) -> int:
        """Cash, less what it owes."""
        return int(self.model.state.book.cash[self.index])

    @property
    def shares(self) -> int:
        """Shares, less what it owes."""
        return int(self.model.state.book.shares[self.index])

    @property
    def bid(self) -> int | None:
        """Price at which it offers to buy, if it does."""
        return self._quote(BID)

    @property
    def ask(self) -> int | None:
        """Price at which it offers to sell, if it does."""
        return self._quote(ASK)

    def _quote(self, side: int) -> int | None:
        book = self.model.state.book
        return int(book.price[side, self.index]) if book.size[side, self.index] > 0 else None
