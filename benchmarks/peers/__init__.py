"""Other optimisers, each in an environment of its own, driven over standard input and output."""
