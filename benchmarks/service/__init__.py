"""What the service costs: its doors beside those of others, in the same run."""
