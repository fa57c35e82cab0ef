"""A trial as a tracking server shows it: runs, logged models, artifacts."""
