"""Drives a server with the real MLClient and prints what it saw. Usage: URL TOKEN FOLDER"""

import json
import logging
import sys
import time
from collections import namedtuple

from azure.ai.ml import Input, MLClient, Output, command
from azure.ai.ml.sweep import BanditPolicy, Choice, Uniform

logging.disable(logging.CRITICAL)
url, token, folder = sys.argv[1:4]


class Token:
    """The server's own token, as Azure's clients ask for one."""

    def get_token(self, *scopes, **options):
        return namedtuple("AccessToken", "token expires_on")(token, int(time.time()) + 3600)


def client(token_source):
    endpoints = (
        "azure_portal",
        "resource_manager",
        "active_directory",
        "aml_resource_id",
        "registry_discovery_endpoint",
    )
    metadata = {**dict.fromkeys(endpoints, f"{url}/"), "storage_endpoint": "x.local"}
    return MLClient(token_source, "0000", "rg", "ws", cloud="dowse", cloud_metadata=metadata)


def failure(call):
    try:
        call()
    except Exception as error:  # Azure's errors are of several families.
        return {"type": type(error).__name__, "message": str(error)}
    return None


ml = client(Token())
environment = (
    "/subscriptions/0000/resourceGroups/rg/providers/Microsoft.MachineLearningServices"
    "/workspaces/ws/environments/any/versions/1"
)


def sweep(low, high, *, code=None, tag=True, nap=0):
    job = command(
        code=code,
        command=f"python train.py --nap {nap} --lr ${{{{inputs.lr}}}} --kind ${{{{inputs.kind}}}} "
        "--data ${{inputs.data}} --model ${{outputs.model}}",
        environment=environment,
        inputs={
            "lr": 0.5,
            "kind": "a",
            "data": Input(type="uri_file", path=f"file://localhost{folder}/data.txt"),
        },
        outputs={"model": Output(type="uri_folder")},
    )
    swept = job(lr=Uniform(low, high), kind=Choice(["a", "b c"])).sweep(
        compute="cpu", sampling_algorithm="random", primary_metric="accuracy", goal="Maximize"
    )
    swept.set_limits(max_total_trials=3, max_concurrent_trials=1, timeout=3600)
    swept.early_termination = BanditPolicy(slack_factor=0.5, evaluation_interval=1)
    swept.display_name, swept.experiment_name = "shown", "experiment"
    swept.tags = {"owner": "me", **({"dowse.code": folder} if tag else {})}
    return swept


def facts(job):
    return {
        "name": job.name,
        "class": type(job).__name__,
        "status": str(getattr(job.status, "value", job.status)),
        "endpoint": job.services["Studio"].endpoint,
        "studio_url": job.studio_url,
        "experiment": job.experiment_name,
        "display_name": job.display_name,
        "tags": dict(job.tags),
        "properties": dict(job.properties),
        "max_total_trials": job.limits.max_total_trials,
        "timeout": job.limits.timeout,
        "metric": job.objective.primary_metric,
        "goal": job.objective.goal,
        "lr": [job.search_space["lr"].min_value, job.search_space["lr"].max_value],
        "kind": job.search_space["kind"].values,
        "slack_factor": job.early_termination.slack_factor,
        "outputs": list(job.outputs),
        "inputs": {name: getattr(one, "path", one) for name, one in job.inputs.items()},
        "command": job.trial.command,
        "environment": job.trial.environment,
        "created": job.creation_context.created_at.isoformat() if job.creation_context else None,
    }


seen = {"nothing": [job.name for job in ml.jobs.list()]}
created = ml.jobs.create_or_update(sweep(0.1, 0.9))
seen["created"] = facts(created)
deadline = time.time() + 80
while (done := ml.jobs.get(created.name)).status not in ("Completed", "Failed", "Canceled"):
    if time.time() > deadline:
        raise SystemExit(f"still {done.status}")
    time.sleep(0.3)
seen["done"] = facts(done)
slow = ml.jobs.create_or_update(sweep(0.1, 0.9, nap=60))
ml.jobs.begin_cancel(slow.name).result()
while (ended := ml.jobs.get(slow.name)).status not in ("Completed", "Failed", "Canceled"):
    time.sleep(0.2)
seen["cancelled"] = str(getattr(ended.status, "value", ended.status))
seen["cancelled_again"] = failure(lambda: ml.jobs.begin_cancel(slow.name).result())
seen["listed"] = [job.name for job in ml.jobs.list()]
seen["absent"] = failure(lambda: ml.jobs.get("absent"))
again = sweep(0.1, 0.9)
again.name = created.name
seen["twice"] = failure(lambda: ml.jobs.create_or_update(again))
seen["wrong_bounds"] = failure(lambda: ml.jobs.create_or_update(sweep(0.9, 0.1)))
seen["wrong_token"] = failure(lambda: client(type("Other", (Token,), {
    "get_token": lambda self, *s, **o: namedtuple("A", "token expires_on")("x" * 20, 9e9)
})()).jobs.get(created.name))  # fmt: skip
seen["download"] = failure(lambda: ml.jobs.download(created.name, download_path=folder))
seen["stream"] = failure(lambda: ml.jobs.stream(created.name))
seen["code"] = failure(lambda: ml.jobs.create_or_update(sweep(0.1, 0.9, code=folder, tag=False)))
seen["datastore"] = failure(lambda: ml.datastores.get("workspaceblobstore"))
print(json.dumps(seen))
