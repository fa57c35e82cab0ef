"""The words of Dowse: frozen values without I/O, clock or randomness. Standard library only."""
