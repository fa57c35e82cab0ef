"""Azure ML's sweep jobs: the files of its command line, and what its service exchanges."""
