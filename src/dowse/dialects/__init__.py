"""Job files: text or a mapping in, a JobSpec with warnings out. Nothing here runs or stores.

`registry.read` is the entry. A dialect is one module with a row in `registry.DIALECTS`.
"""
