"""The JSON of MLflow's tracking API: what its clients send, and what they read."""
