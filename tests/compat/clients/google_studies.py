"""Drives ml.v1 studies with the real client. Prints what came of it as JSON.

Usage: google_studies.py URL TOKEN
"""

import json
import sys
import time

from google.oauth2.credentials import Credentials
from googleapiclient import discovery
from googleapiclient.errors import HttpError

URL, TOKEN = sys.argv[1:]
PARENT = "projects/p1/locations/us-central1"
STUDY = f"{PARENT}/studies/branin"

CONFIG = {
    "metrics": [{"metric": "loss", "goal": "MINIMIZE"}],
    "algorithm": "ALGORITHM_UNSPECIFIED",
    "automatedStoppingConfig": {"medianAutomatedStoppingConfig": {}},
    "parameters": [
        {
            "parameter": "lr",
            "type": "DOUBLE",
            "scaleType": "UNIT_LOG_SCALE",
            "doubleValueSpec": {"minValue": 1e-4, "maxValue": 1.0},
        },
        {
            "parameter": "layers",
            "type": "INTEGER",
            "integerValueSpec": {"minValue": "1", "maxValue": "4"},
        },
        {"parameter": "units", "type": "DISCRETE", "discreteValueSpec": {"values": [16, 32, 64]}},
        {
            "parameter": "optimizer",
            "type": "CATEGORICAL",
            "categoricalValueSpec": {"values": ["sgd", "adam"]},
            "childParameterSpecs": [
                {
                    "parameter": "momentum",
                    "type": "DOUBLE",
                    "doubleValueSpec": {"minValue": 0.0, "maxValue": 0.9},
                    "parentCategoricalValues": {"values": ["sgd"]},
                }
            ],
        },
    ],
}

ml = discovery.build(
    "ml",
    "v1",
    credentials=Credentials(TOKEN),
    client_options={"api_endpoint": URL},
    cache_discovery=False,
)
studies = ml.projects().locations().studies()
trials = studies.trials()
operations = ml.projects().locations().operations()


def values_of(trial):
    return {
        one["parameter"]: one.get("floatValue", one.get("intValue", one.get("stringValue")))
        for one in trial["parameters"]
    }


def loss_of(trial):
    values = values_of(trial)
    momentum = values.get("momentum", 0.5)
    return (values["lr"] - 0.1) ** 2 + int(values["layers"]) / 10 + (momentum - 0.5) ** 2


def measurement(step, value):
    return {"stepCount": str(step), "metrics": [{"metric": "loss", "value": value}]}


def done(operation):
    """As users of the API wait for an operation."""
    for _ in range(600):
        if operation.get("done"):
            return operation
        time.sleep(0.1)
        operation = operations.get(name=operation["name"]).execute()
    raise AssertionError(operation)


def suggest(client, count=1):
    body = {"clientId": client, "suggestionCount": count}
    return done(trials.suggest(parent=STUDY, body=body).execute())


def failure(request):
    try:
        request.execute()
    except HttpError as error:
        status = json.loads(error.content)["error"]["status"]
        return {"status": status, "code": error.resp.status, "reason": error.reason}
    raise AssertionError("was not refused")


def whole_study():
    """20 trials by two clients in turn, each asking twice for the same one."""
    seen = []
    for index in range(20):
        client = f"worker{index % 2}"
        first = suggest(client)["response"]["trials"]
        again = suggest(client)["response"]["trials"]
        assert first == again, (first, again)
        (trial,) = first
        name = trial["name"]
        for step in (1, 2):
            trials.addMeasurement(
                name=name, body={"measurement": measurement(step, loss_of(trial) + 1 / step)}
            ).execute()
        final = {"finalMeasurement": measurement(3, loss_of(trial))} if index % 3 else {}
        seen.append(trials.complete(name=name, body=final).execute())
    return seen


def edges():
    """What is not the ordinary way of a trial."""
    found = {}
    several = suggest("many", 3)["response"]["trials"]
    found["several"] = len({one["name"] for one in several})
    found["other client"] = suggest("other")["response"]["trials"][0]["name"] not in {
        one["name"] for one in several
    }
    first, second, third = (one["name"] for one in several)
    found["infeasible"] = trials.complete(
        name=first, body={"trialInfeasible": True, "infeasibleReason": "out of memory"}
    ).execute()
    found["stopping"] = trials.stop(name=second, body={}).execute()
    found["stopped"] = trials.complete(
        name=second, body={"finalMeasurement": measurement(1, 9.5)}
    ).execute()
    trials.addMeasurement(name=third, body={"measurement": measurement(1, 1e6)}).execute()
    check = done(trials.checkEarlyStoppingState(name=third, body={}).execute())
    found["check"] = operations.get(name=check["name"]).execute() == check and check["response"]
    found["checked"] = trials.get(name=third).execute()["state"]
    own = [
        {"parameter": "lr", "floatValue": 0.1},
        {"parameter": "layers", "intValue": "1"},
        {"parameter": "units", "floatValue": 32},
        {"parameter": "optimizer", "stringValue": "adam"},
    ]
    found["requested"] = trials.create(parent=STUDY, body={"parameters": own}).execute()
    given = suggest("third")["response"]["trials"][0]
    found["given"] = given["name"] == found["requested"]["name"]
    result = {"parameters": own, "state": "COMPLETED", "finalMeasurement": measurement(1, -7.0)}
    found["result"] = trials.create(parent=STUDY, body=result).execute()
    found["best"] = trials.listOptimalTrials(parent=STUDY, body={}).execute()["trials"]
    trials.delete(name=found["result"]["name"]).execute()
    found["best left"] = trials.listOptimalTrials(parent=STUDY, body={}).execute()["trials"]
    found["after the deleted one"] = trials.create(parent=STUDY, body=result).execute()["name"]
    found["errors"] = errors(first, third)
    return found


def errors(completed, stopping):
    lower = {"metrics": [{"metric": "loss", "value": 1.0}], "stepCount": "0"}
    other = {"metrics": [{"metric": "acc", "value": 1.0}], "stepCount": "7"}
    two = [*CONFIG["metrics"], {"metric": "size", "goal": "MINIMIZE"}]
    wrong = {**CONFIG["parameters"][0], "doubleValueSpec": {"minValue": 0, "maxValue": 1}}
    open_trial = suggest("open")["response"]["trials"][0]["name"]

    def create(name, **changes):
        body = {"studyConfig": {**CONFIG, **changes}}
        return failure(studies.create(parent=PARENT, studyId=name, body=body))

    return {
        "completed twice": failure(trials.complete(name=completed, body={})),
        "nothing measured": failure(trials.complete(name=open_trial, body={})),
        "measured late": failure(
            trials.addMeasurement(name=completed, body={"measurement": lower})
        ),
        "step back": failure(trials.addMeasurement(name=stopping, body={"measurement": lower})),
        "other metric": failure(trials.addMeasurement(name=stopping, body={"measurement": other})),
        "same study": create("branin"),
        "bad scale": create("bad", parameters=[wrong]),
        "bad algorithm": create("bad", algorithm="MAGIC"),
        "stopping by several metrics": create("bad", metrics=two),
        "unknown study": failure(studies.get(name=f"{PARENT}/studies/brainn")),
        "unknown trial": failure(trials.get(name=f"{STUDY}/trials/999")),
        "no client": failure(trials.suggest(parent=STUDY, body={"suggestionCount": 1})),
        "unknown operation": failure(operations.get(name=f"{PARENT}/operations/99999")),
        "a job": failure(ml.projects().jobs().get(name="projects/p1/jobs/branin")),
    }


def exhausted():
    """A study of four configurations, which five requests outlast."""
    grid = {
        "metrics": [{"metric": "loss", "goal": "MINIMIZE"}],
        "algorithm": "GRID_SEARCH",
        "parameters": [
            {
                "parameter": "k",
                "type": "INTEGER",
                "integerValueSpec": {"minValue": "1", "maxValue": "4"},
            }
        ],
    }
    parent = studies.create(parent=PARENT, studyId="grid", body={"studyConfig": grid}).execute()
    name = parent["name"]
    body = {"clientId": "c", "suggestionCount": 10}
    first = done(trials.suggest(parent=name, body=body).execute())["response"]
    for one in first["trials"]:
        final = {"finalMeasurement": measurement(1, float(values_of(one)["k"]))}
        trials.complete(name=one["name"], body=final).execute()
    last = done(trials.suggest(parent=name, body=body).execute())["response"]
    return {
        "tried": sorted(int(values_of(one)["k"]) for one in first["trials"]),
        "then": (last["trials"], last["studyState"]),
        "state": studies.get(name=name).execute()["state"],
    }


def several_metrics():
    """A study of two metrics that pull in opposite directions."""
    config = {
        "metrics": [
            {"metric": "loss", "goal": "MINIMIZE"},
            {"metric": "size", "goal": "MINIMIZE"},
        ],
        "parameters": CONFIG["parameters"][:1],
    }
    made = studies.create(parent=PARENT, studyId="several", body={"studyConfig": config}).execute()
    name = made["name"]
    completed = []
    for _ in range(12):
        asked = trials.suggest(parent=name, body={"clientId": "c", "suggestionCount": 1})
        (trial,) = done(asked.execute())["response"]["trials"]
        lr = values_of(trial)["lr"]
        loss, size = (lr - 0.1) ** 2, 1 / lr
        metrics = [{"metric": "loss", "value": loss}, {"metric": "size", "value": size}]
        final = {"finalMeasurement": {"stepCount": "1", "metrics": metrics}}
        trials.complete(name=trial["name"], body=final).execute()
        completed.append((trial["name"], loss, size))
    best = trials.listOptimalTrials(parent=name, body={}).execute()["trials"]
    return {"completed": completed, "front": [one["name"] for one in best]}


def main():
    body = {"studyConfig": CONFIG}
    found = {"created": studies.create(parent=PARENT, studyId="branin", body=body).execute()}
    found["completed"] = whole_study()
    found["listed"] = trials.list(parent=STUDY).execute()["trials"]
    found["edges"] = edges()
    found["exhausted"] = exhausted()
    found["several"] = several_metrics()
    found["studies"] = [one["name"] for one in studies.list(parent=PARENT).execute()["studies"]]
    found["jobs"] = ml.projects().jobs().list(parent="projects/p1").execute()
    studies.delete(name=STUDY).execute()
    found["deleted"] = failure(studies.get(name=STUDY))
    print(json.dumps(found))


main()
