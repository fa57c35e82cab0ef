"""A training program as people write it; what each client version then reads back must be so."""

import argparse
import sys
import tempfile

import mlflow

parser = argparse.ArgumentParser()
parser.add_argument("--case")
parser.add_argument("--lr", type=float)
args = parser.parse_args()


def train_fully():
    mlflow.set_experiment("an experiment of my own")
    with mlflow.start_run(run_name="training") as run:
        mlflow.log_param("lr", args.lr)
        mlflow.log_params({"case": args.case, "epochs": 3})
        for epoch in range(3):
            mlflow.log_metric("accuracy", args.lr + epoch / 10, step=epoch)
        mlflow.log_metrics({"loss": 0.5, "odd": float("nan"), "huge": float("inf")}, step=2)
        mlflow.log_metrics({f"metric-{number}": number for number in range(1200)})
        mlflow.set_tags({"team": "blue", "stage": "draft"})
        mlflow.delete_tag("stage")
        mlflow.log_text("hello", "notes/hello.txt")
        mlflow.log_dict({"a": 1}, "config.json")
        with open("weights.bin", "wb") as file:
            file.write(bytes(3_000_000))
        mlflow.log_artifact("weights.bin")
        with mlflow.start_run(nested=True, run_name="fold") as fold:
            mlflow.log_metric("accuracy", 99.0)
    read_back(run.info.run_id, fold.info.run_id)
    ask_for_what_cannot_be(run.info.run_id)
    mlflow.log_metric("accuracy", args.lr + 0.5)  # after the end: a run of its own


def read_back(run_id, fold_id):
    client = mlflow.tracking.MlflowClient()
    run = client.get_run(run_id)
    assert run.info.status == "FINISHED", run.info.status
    assert run.data.params == {"lr": str(args.lr), "case": args.case, "epochs": "3"}
    assert run.data.metrics["accuracy"] == args.lr + 0.2
    assert run.data.metrics["metric-1199"] == 1199
    assert run.data.metrics["odd"] != run.data.metrics["odd"]
    assert run.data.metrics["huge"] == float("inf")
    assert run.data.tags["team"] == "blue"
    assert "stage" not in run.data.tags
    history = client.get_metric_history(run_id, "accuracy")
    assert [point.step for point in history] == [0, 1, 2]
    assert [one.path for one in client.list_artifacts(run_id)] == [
        "config.json",
        "notes",
        "weights.bin",
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = client.download_artifacts(run_id, "notes/hello.txt", folder)
        assert open(path).read() == "hello"
    found = client.search_runs(
        [run.info.experiment_id],
        filter_string="metrics.accuracy > 50",
        order_by=["metrics.accuracy DESC"],
    )
    assert [one.info.run_id for one in found] == [fold_id]
    assert found[0].data.tags["mlflow.parentRunId"] == run_id
    client.log_metric(run_id, "late", 1.0)  # a finished run still takes reports


def fail_without_a_word():
    mlflow.log_metric("accuracy", 0.7)
    sys.exit(3)  # the client says FINISHED all the same


def ask_for_what_cannot_be(run_id):
    client = mlflow.tracking.MlflowClient()
    for ask, code in (
        (lambda: client.log_param(run_id, "lr", "other"), "INVALID_PARAMETER_VALUE"),
        (lambda: client.get_run("0" * 32), "RESOURCE_DOES_NOT_EXIST"),
        (lambda: client.log_metric(run_id, "x" * 300, 1.0), "INVALID_PARAMETER_VALUE"),
    ):
        try:
            ask()
        except mlflow.exceptions.MlflowException as error:
            assert error.error_code == code, error
        else:
            raise AssertionError(f"{code} was expected")


{"all": train_fully, "exit": fail_without_a_word}[args.case]()
