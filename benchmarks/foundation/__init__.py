"""The figures of the foundation: how light the commands are, what a trial costs, what kills do."""
