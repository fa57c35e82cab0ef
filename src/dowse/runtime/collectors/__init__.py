"""Reading what programs report, each source from where it was left."""
