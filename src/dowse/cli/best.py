"""`dowse jobs best`: the best configuration, to train with."""

from __future__ import annotations

import json
import shlex
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dowse.cli import options
from dowse.cli.clients import looking, require_data
from dowse.cli.terminal import print_document, printable, say
from dowse.errors import NotFound

if TYPE_CHECKING:
    from dowse.domain.spec import JobSpec
    from dowse.domain.trial import Trial

Document = dict[str, Any]


class Spelling(Enum):
    FLAGS = "flags"
    JSON = "json"
    YAML = "yaml"


def show_best(
    job: options.JobName,
    *,
    spelling: Annotated[
        Spelling, typer.Option("--as", help="How to write the parameters.")
    ] = Spelling.FLAGS,
    as_json: options.Json = False,
    data_dir: options.DataDir = None,
) -> None:
    """The parameters of the best trial as its program got them, and nothing else."""
    from dowse.wire.documents import trial_from_json
    from dowse.wire.spec import spec_from_json

    settings = options.settings_for(data_dir)
    require_data(settings, job)
    with looking(settings) as client:
        document = client.job(job)
        spec = spec_from_json(client.spec(job))
    best = document["best"]
    if best is None:
        raise NotFound(f"no trial of {job} has a result yet; the job is {document['state']}")
    trial = trial_from_json(best)
    if as_json:
        print_document(_document(spec, trial, best))
    else:
        say(spelled(spec, trial, spelling))


def spelled(spec: JobSpec, trial: Trial, spelling: Spelling) -> str:
    """Constants and parameters under the names that the program knows."""
    from dowse.dialects.block_text import block
    from dowse.runtime.tuned import tuned_words
    from dowse.runtime.values import passed_objects

    match spelling:
        case Spelling.FLAGS:
            return printable(shlex.join(tuned_words(spec, trial)))
        case Spelling.JSON:
            return json.dumps(passed_objects(spec, trial), indent=2)
        case Spelling.YAML:
            return block(passed_objects(spec, trial)).rstrip("\n")


def _document(spec: JobSpec, trial: Trial, best: Document) -> Document:
    from dowse.runtime.tuned import tuned_words
    from dowse.runtime.values import passed_objects

    return {
        "job": trial.job,
        "trial": trial.number,
        "metric": spec.objective.metric,
        "goal": spec.objective.goal.value,
        "objective": best["objective"],
        "step": trial.step,
        "parameters": passed_objects(spec, trial),
        "flags": list(tuned_words(spec, trial)),
        "output_dir": trial.output_dir,
    }
