"""Deriving the suggestions and stops of a job again from its log."""
