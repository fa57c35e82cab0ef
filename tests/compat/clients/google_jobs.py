"""Drives ml.v1 jobs with the real client. Prints what came of it as JSON.

Usage: google_jobs.py URL TOKEN PROGRAM, where PROGRAM is the part of TrainingInput that names it.
"""

import json
import sys
import time

from google.oauth2.credentials import Credentials
from googleapiclient import discovery
from googleapiclient.errors import HttpError
from httplib2 import Http

URL, TOKEN = sys.argv[1:3]
PROGRAM = json.loads(sys.argv[3])
PARENT = "projects/p1"

# From the reference page, word for word; `training_inputs` is what it leaves to its reader.
training_inputs = {
    "scaleTier": "CUSTOM",
    "masterType": "complex_model_m",
    "workerType": "complex_model_m",
    "parameterServerType": "large_model",
    "workerCount": "9",
    "parameterServerCount": "3",
    "region": "us-central1",
    **PROGRAM,
}
hyperparams = {
    "goal": "MAXIMIZE",
    "hyperparameterMetricTag": "metric1",
    "maxTrials": 30,
    "maxParallelTrials": 1,
    "enableTrialEarlyStopping": True,
    "params": [],
}
hyperparams["params"].append(
    {
        "parameterName": "hidden1",
        "type": "INTEGER",
        "minValue": 40,
        "maxValue": 400,
        "scaleType": "UNIT_LINEAR_SCALE",
    }
)
hyperparams["params"].append(
    {"parameterName": "numRnnCells", "type": "DISCRETE", "discreteValues": [1, 2, 3, 4]}
)
hyperparams["params"].append(
    {
        "parameterName": "rnnCellType",
        "type": "CATEGORICAL",
        "categoricalValues": [
            "BasicLSTMCell",
            "BasicRNNCell",
            "GRUCell",
            "LSTMCell",
            "LayerNormBasicLSTMCell",
        ],
    }
)
training_inputs["hyperparameters"] = hyperparams


def build(credentials, **more):
    options = {"api_endpoint": URL}
    return discovery.build(
        "ml", "v1", credentials=credentials, client_options=options, cache_discovery=False, **more
    )


def failure(request):
    """What a person sees of a request that is refused."""
    try:
        request.execute()
    except HttpError as error:
        status = json.loads(error.content)["error"]["status"]
        details = error.error_details if isinstance(error.error_details, list) else []
        return {
            "code": error.resp.status,
            "status": status,
            "reason": error.reason,
            "fields": [one["field"] for each in details for one in each["fieldViolations"]],
        }
    raise AssertionError("was not refused")


def job(name, **changes):
    tuning = {**hyperparams, "maxTrials": 3, "maxParallelTrials": 2, "algorithm": "RANDOM_SEARCH"}
    training = {**training_inputs, "hyperparameters": {**tuning, **changes}}
    return {"jobId": name, "trainingInput": training, "labels": {"team": "vision"}}


def packaged(name, package):
    body = job(name)
    body["trainingInput"]["packageUris"] = [package]
    return body


def wait(jobs, name, *states):
    deadline = time.monotonic() + 80
    while time.monotonic() < deadline:
        found = jobs.get(name=f"{PARENT}/jobs/{name}").execute()
        if found["state"] in states:
            return found
        time.sleep(0.1)
    raise AssertionError(f"{name} is still {found}")


def listed(jobs, **options):
    """Every page of a list, by the client's own paging."""
    pages = []
    request = jobs.list(parent=PARENT, **options)
    while request is not None:
        answer = request.execute()
        pages.append([one["jobId"] for one in answer.get("jobs", [])])
        request = jobs.list_next(request, answer)
    return pages


def errors(jobs):
    create = {"parent": PARENT}
    wrong = job("wrong", goal="UPWARDS", maxTrails=3)
    no_program = job("wrong")
    for key in PROGRAM:
        del no_program["trainingInput"][key]
    return {
        "no token": failure(build(None, http=Http()).projects().jobs().list(parent=PARENT)),
        "same id": failure(jobs.create(**create, body=job("first"))),
        "wrong fields": failure(jobs.create(**create, body=wrong)),
        "no program": failure(jobs.create(**create, body=no_program)),
        "no package": failure(jobs.create(**create, body=packaged("wrong", "/nowhere/t.whl"))),
        "relative package": failure(jobs.create(**create, body=packaged("wrong", "dist/t.whl"))),
        "no id": failure(jobs.create(**create, body={"trainingInput": training_inputs})),
        "unknown": failure(jobs.get(name=f"{PARENT}/jobs/frist")),
        "cancelled twice": failure(jobs.cancel(name=f"{PARENT}/jobs/endless")),
        "filter": failure(jobs.list(parent=PARENT, filter="colour=red")),
        "page": failure(jobs.list(parent=PARENT, pageToken="t2")),
        "mask": failure(
            jobs.patch(name=f"{PARENT}/jobs/first", updateMask="state", body={"state": "X"})
        ),
        "etag": failure(
            jobs.patch(
                name=f"{PARENT}/jobs/first",
                updateMask="labels,etag",
                body={"labels": {}, "etag": "b2xk"},
            )
        ),
        "permissions": failure(jobs.getIamPolicy(resource=f"{PARENT}/jobs/first")),
    }


def main():
    ml = build(Credentials(TOKEN))
    jobs = ml.projects().jobs()
    found = {"nothing": jobs.list(parent=PARENT).execute()}
    found["created"] = jobs.create(parent=PARENT, body=job("first")).execute()
    found["done"] = wait(jobs, "first", "SUCCEEDED", "FAILED")
    # The reference's own job is long: it is taken as it is, and ended.
    reference = {"jobId": "reference", "trainingInput": training_inputs}
    found["reference"] = jobs.create(parent=PARENT, body=reference).execute()
    jobs.cancel(name=f"{PARENT}/jobs/reference", body={}).execute()
    found["cancelled"] = wait(jobs, "reference", "CANCELLED")
    # This program is no package.
    jobs.create(parent=PARENT, body=packaged("broken", __file__)).execute()
    found["broken"] = wait(jobs, "broken", "SUCCEEDED", "FAILED")
    endless = job("endless", maxTrials=1000)
    jobs.create(parent=PARENT, body=endless).execute()
    found["cancel"] = jobs.cancel(name=f"{PARENT}/jobs/endless").execute()
    wait(jobs, "endless", "CANCELLED")
    found["lists"] = {
        "all": listed(jobs, pageSize=1),
        "cancelled": listed(jobs, filter="state=CANCELLED"),
        "named": listed(jobs, filter="jobId:fir* AND labels.team=vision"),
    }
    patched = jobs.patch(
        name=f"{PARENT}/jobs/first",
        updateMask="labels,etag",
        body={"labels": {"team": "speech"}, "etag": found["done"]["etag"]},
    ).execute()
    found["labels"] = patched["labels"]
    found["errors"] = errors(jobs)
    served = build(
        Credentials(TOKEN),
        discoveryServiceUrl=URL + "/$discovery/rest?version={apiVersion}",
        static_discovery=False,
    )
    found["by our discovery"] = (
        served.projects().jobs().get(name=f"{PARENT}/jobs/first").execute()["jobId"]
    )
    print(json.dumps(found))


main()
