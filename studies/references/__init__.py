"""What learners are compared with: hand-made rules, and playing at random."""
