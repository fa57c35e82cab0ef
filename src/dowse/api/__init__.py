"""The REST edge. Only here is code asynchronous, and only where a framework asks for it."""
