"""Power grid dispatch: companies that bid, nodal prices."""
