"""The Store port on SQL. SQLite: one owner process, one writer thread, group commit."""
