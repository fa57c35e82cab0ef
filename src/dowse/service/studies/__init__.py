"""Studies whose trials somebody else runs: asked for, measured and completed over the API."""
