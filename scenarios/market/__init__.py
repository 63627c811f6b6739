"""Markets: who may trade with whom, and how."""
