"""The engine's figures: how good its suggestions are and what they cost, beside its peers."""
