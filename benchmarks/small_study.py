"""A small study as a file, for tests and benchmarks of how studies run, whatever they find."""


def small_study(seeds: int, ticks: int) -> str:
    """Text of a study of one game, with noise from tick 300 on and without."""
    return f"""
question = "Does noise hurt?"
scenarios = ["games/coordination_ring"]
seeds = {seeds}
ticks = {ticks}
[changes.noise]
at = 300
what = {{ payoff_noise = 1.0 }}
"""
