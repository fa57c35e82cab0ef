"""Beside the training program: launching it, supervising it, collecting what it reports."""
