"""Early stopping: pure rules over the curves of one job."""
