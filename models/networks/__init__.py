"""Networks that several worlds share: graphs, traffic assignment, and delays."""
