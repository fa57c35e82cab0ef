"""Dowse's own job file."""
