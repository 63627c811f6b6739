"""Questions asked of worlds: baselines, comparisons and published results."""
