"""Questions asked of worlds: studies with paired comparisons, baselines, and published results."""

from studies.running import CasesFailed
from studies.study import Study
from studies.study_file import load, names

__all__ = ["CasesFailed", "Study", "load", "names"]
