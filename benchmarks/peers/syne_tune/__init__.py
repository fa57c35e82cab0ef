"""One peer: its pinned requirements and its adapter."""
