"""Alembic's scripts: one file for each schema that a release has had."""
