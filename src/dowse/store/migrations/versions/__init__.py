"""`vNNNN_what_changed.py`, revision NNNN; never changed after a release."""
