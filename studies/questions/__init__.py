"""What a study asks: its arms, who learns in it, a search for the best value, and the file that says so."""
