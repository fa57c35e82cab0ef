"""The jobs of an Azure ML workspace, as far as `azure.ai.ml.MLClient` can be served."""
