"""Working on jobs: the loop, the plan of each of its turns, and what both decide by."""
