"""The client of the API, for programs and for Dowse's own command line."""
