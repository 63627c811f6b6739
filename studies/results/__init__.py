"""The folder of a study: tables, figures, the report, and the file that repeats it."""
