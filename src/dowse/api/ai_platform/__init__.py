"""Google's ml.v1 API at the root of the server: training jobs, and studies of Vizier."""
