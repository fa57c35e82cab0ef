"""What a program that reports over HTTP finds in its environment. Pure.

Each client library reads variables of its own. They lead to the owner of the data directory, and
the token says for whom they speak. A job that sets a library's address itself means another
server: then nothing of that library is touched.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from dowse.domain.trial import Trial

MLFLOW_PATH = "/mlflow"
OPENBAYES_PATH = "/openbayes"

MLFLOW_ADDRESS = "MLFLOW_TRACKING_URI"
OPENBAYES_ADDRESSES = ("JOB_UPDATE_URL", "OPENBAYES_JOB_URL")
OPENBAYES_TOKENS = ("JOB_ACCESS_TOKEN", "OPENBAYES_TOKEN")
"""The library reads the first of each that is set; its older versions know only the first."""

_MISLEADING = (
    "MLFLOW_TRACKING_USERNAME",  # would be sent instead of the token
    "MLFLOW_TRACKING_PASSWORD",
    "MLFLOW_TRACKING_AUTH",
    "MLFLOW_TRACKING_AWS_SIGV4",
    "MLFLOW_TRACKING_INSECURE_TLS",
    "MLFLOW_TRACKING_SERVER_CERT_PATH",
    "MLFLOW_TRACKING_CLIENT_CERT_PATH",
    "MLFLOW_REGISTRY_URI",
    "MLFLOW_WORKSPACE",
)
_PROXIES = ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY")
_NO_PROXIES = ("no_proxy", "NO_PROXY")
_HERE = "127.0.0.1,localhost"


def run_id(job_id: int, trial: int, attempt: int) -> str:
    """The MLflow run of an attempt, which exists without being stored: 32 hexadecimal digits."""
    return hashlib.sha256(f"dowse/{job_id}/{trial}/{attempt}".encode()).hexdigest()[:32]


def reporting_variables(
    trial: Trial, *, url: str, token: str, inherited: Mapping[str, str], own: Mapping[str, str]
) -> dict[str, str]:
    """`url` is the owner's. `own` are the variables that the job itself sets, which stay as they
    are; `inherited` is what the trial has from outside.
    """
    found: dict[str, str] = {}
    if MLFLOW_ADDRESS not in own:
        found |= _mlflow(trial, url, token)
        found |= dict.fromkeys((name for name in _MISLEADING if name in inherited), "")
    if not any(name in own for name in OPENBAYES_ADDRESSES):
        found |= dict.fromkeys(OPENBAYES_ADDRESSES, url + OPENBAYES_PATH)
        found |= dict.fromkeys(OPENBAYES_TOKENS, token)
    if any(name in inherited for name in _PROXIES):
        found |= {name: _reached_directly(inherited.get(name, "")) for name in _NO_PROXIES}
    return {name: value for name, value in found.items() if name not in own}


def _mlflow(trial: Trial, url: str, token: str) -> dict[str, str]:
    return {
        MLFLOW_ADDRESS: url + MLFLOW_PATH,
        "MLFLOW_TRACKING_TOKEN": token,
        "MLFLOW_RUN_ID": run_id(trial.job_id, trial.number, trial.attempt),
        "MLFLOW_EXPERIMENT_ID": str(trial.job_id),
        "MLFLOW_EXPERIMENT_NAME": trial.job,
        # An owner that is away for a while must not fail the training: six minutes of patience,
        # asking again after two seconds at first (the library's own: four, after four).
        "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "9",
        "MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR": "1",
        # Without git the library warns at length.
        "GIT_PYTHON_REFRESH": "quiet",
    }


def _reached_directly(excepted: str) -> str:
    """The owner listens on this machine; no proxy leads there."""
    return f"{excepted},{_HERE}" if excepted else _HERE
