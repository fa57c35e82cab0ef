"""Measuring control: what stopping early saves and costs, beside its peers."""
