"""What the trials of a job say: pure functions over finished trials."""
