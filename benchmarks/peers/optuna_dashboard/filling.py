"""Puts a study into Optuna's SQLite storage: `python filling.py URL`, its trials as JSON lines.

Each line is [parameters, value]. The ranges are those of benchmarks/console/studies.py.
"""

import json
import sys

import optuna
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from sqlalchemy import event
from sqlalchemy.engine import Engine


@event.listens_for(Engine, "connect")
def _hasten(connection, _record):  # type: ignore[no-untyped-def]
    # What is lost with the machine is made again.
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA journal_mode=MEMORY")


def _distribution(name: str):  # type: ignore[no-untyped-def]
    match name:
        case "lr":
            return FloatDistribution(1e-5, 1.0, log=True)
        case "optimizer":
            return CategoricalDistribution(["adam", "sgd", "lamb"])
        case "units":
            return IntDistribution(1, 100)
        case _:
            return FloatDistribution(0.0, 1.0)


def main(url: str) -> None:
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(storage=url, study_name="study", direction="minimize")
    for line in sys.stdin:
        parameters, value = json.loads(line)
        study.add_trial(
            optuna.trial.create_trial(
                params=parameters,
                distributions={name: _distribution(name) for name in parameters},
                value=value,
            )
        )


if __name__ == "__main__":
    main(sys.argv[1])
