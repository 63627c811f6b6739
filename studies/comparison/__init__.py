"""What a study answers: the table of its cases, differences in pairs, sentences, and the report."""
