"""Reports while its owner is away, and again when another one has come."""

import os
import time

import mlflow

flags = os.environ["FLAGS"]
mlflow.log_metric("accuracy", 0.5, step=0)
open(os.path.join(flags, "flag-reported"), "w").close()
while not os.path.exists(os.path.join(flags, "flag-go")):
    time.sleep(0.02)
open(os.path.join(flags, "flag-trying"), "w").close()
mlflow.log_metric("accuracy", 0.9, step=1)
