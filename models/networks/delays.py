"""Delays of finished trips as a histogram of whole seconds, whose last bin also holds all that is longer."""

from engine.generic import kernel


@kernel
def quantile_s(delays, finished, share):
    """Delay that this share of finished trips does not exceed (whole seconds)."""
    below = 0
    for second in range(delays.size):
        below += delays[second]
        if below >= share * finished:
            return float(second)
    return float(delays.size - 1)
