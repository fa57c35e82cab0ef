"""MLflow's tracking API for training programs: each one sees its own trial, and nothing else."""
