"""What Dowse promises, measured: every verb prints a table and keeps it as JSON in `results/`."""
