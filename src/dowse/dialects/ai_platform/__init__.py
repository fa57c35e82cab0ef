"""Google AI Platform's hyperparameter tuning jobs: YAML and JSON of `trainingInput`."""
