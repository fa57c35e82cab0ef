"""The use cases, on the domain and the ports."""
