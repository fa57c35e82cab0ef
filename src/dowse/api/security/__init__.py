"""Who may ask what: the gate that every request passes before any route sees it."""
