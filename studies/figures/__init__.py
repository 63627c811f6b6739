"""Pictures with matplotlib: of a run, of a study, and of forgetting."""
