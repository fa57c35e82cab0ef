"""How fast the console is in a browser, beside its peer."""
