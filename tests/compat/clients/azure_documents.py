"""Judges sweep documents with load_job, and exports live objects. Usage: FOLDER SOURCE EXAMPLE"""

import json
import logging
import runpy
import sys
from pathlib import Path

folder, source, example = sys.argv[1:4]
sys.path.insert(0, source)  # Only dowse.dialects.azure_ml.objects, which needs nothing else.

from azure.ai.ml import Input, Output, command, load_job  # noqa: E402
from azure.ai.ml.entities import CommandJob  # noqa: E402, F401
from azure.ai.ml.sweep import (  # noqa: E402
    BanditPolicy,
    Choice,
    LogNormal,
    LogUniform,
    MedianStoppingPolicy,
    Normal,
    QLogNormal,
    QLogUniform,
    QNormal,
    QUniform,
    Randint,
    RandomSamplingAlgorithm,
    TruncationSelectionPolicy,
    Uniform,
)

from dowse.dialects.azure_ml.objects import exported  # noqa: E402

logging.disable(logging.CRITICAL)
SPACE = {
    "lr": Uniform(0.01, 0.9),
    "boosting": Choice(values=["gbdt", "dart"]),
    "layers": Choice(values=list(range(1, 5))),
    "units": Randint(upper=64),
    "a1": LogUniform(-6, -1),
    "a2": QUniform(1, 100, 5),
    "a3": QLogUniform(0, 5, 1),
    "a4": Normal(10, 3),
    "a5": LogNormal(0, 1),
    "a6": QNormal(10, 3, 1),
    "a7": QLogNormal(0, 1, 1),
    "model": Choice(values=[{"opt": "sgd", "mom": Uniform(0, 1)}, {"opt": "adam"}]),
}
POLICIES = {
    "none": None,
    "bandit": BanditPolicy(slack_factor=0.2, evaluation_interval=2, delay_evaluation=3),
    "median": MedianStoppingPolicy(delay_evaluation=5, evaluation_interval=1),
    "truncation": TruncationSelectionPolicy(truncation_percentage=20, evaluation_interval=1),
}


def node(policy, algorithm):
    job = command(
        code=folder,
        command="python train.py "
        + " ".join(f"--{name} ${{{{inputs.{name}}}}}" for name in SPACE)
        + " --data ${{inputs.data}} --out ${{outputs.model_dir}}",
        environment="AzureML-lightgbm-3.2-ubuntu18.04-py37-cpu@latest",
        environment_variables={"A": "1"},
        inputs={
            **dict.fromkeys(SPACE, "0"),
            "data": Input(type="uri_file", path="https://example.org/iris.csv"),
        },
        outputs={"model_dir": Output(type="uri_folder")},
    )
    swept = job(**SPACE).sweep(
        compute="cpu-cluster",
        sampling_algorithm=algorithm,
        primary_metric="accuracy",
        goal="Maximize",
    )
    swept.set_limits(max_total_trials=20, max_concurrent_trials=4, timeout=7200, trial_timeout=300)
    swept.early_termination = policy
    swept.display_name, swept.description = "shown", "described"
    swept.experiment_name = "experiment"
    return swept


verdicts = {}
for path in sorted(Path(folder).glob("*.y*ml")):
    try:
        loaded = load_job(path)
    except Exception as error:
        verdicts[path.name] = " ".join(str(error).split())[:500] or type(error).__name__
    else:
        verdicts[path.name] = None if type(loaded).__name__ == "SweepJob" else "no sweep"

sobol = RandomSamplingAlgorithm(seed=123, rule="sobol")
objects = {name: exported(node(policy, "random")) for name, policy in POLICIES.items()}
objects["sobol"] = exported(node(None, sobol))
objects["sweep_job"] = exported(node(None, "random")._to_job())
objects["example"] = exported(runpy.run_path(example)["sweep_job"])
print(json.dumps({"verdicts": verdicts, "objects": objects}))
