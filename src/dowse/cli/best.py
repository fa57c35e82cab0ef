"""`dowse jobs best`: the best configuration, to train with."""

from __future__ import annotations

import json
import shlex
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dowse.cli import options, words
from dowse.cli.asked import is_several
from dowse.cli.clients import looking, require_data
from dowse.cli.summary import front_lines
from dowse.cli.terminal import print_document, printable, say
from dowse.errors import InvalidInput, NotFound, Problem

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
    number: Annotated[
        int | None,
        typer.Option("--trial", metavar="N", min=1, help="This trial instead of the best."),
    ] = None,
    *,
    reference: Annotated[
        list[str] | None,
        typer.Option(
            "--reference",
            metavar="M=V",
            help="Of several objectives, the worst value of interest of one; may be repeated.",
        ),
    ] = None,
    spelling: Annotated[
        Spelling, typer.Option("--as", help="How to write the parameters.")
    ] = Spelling.FLAGS,
    as_json: options.Json = False,
    data_dir: options.DataDir = None,
) -> None:
    """The parameters of the best trial as its program got them, and nothing else.

    Of several objectives there is no best: then the trials of the front are listed, and --trial
    spells the parameters of one.
    """
    from dowse.sdk.downloads import no_best
    from dowse.wire.documents import trial_from_json
    from dowse.wire.spec import spec_from_json

    settings = options.settings_for(data_dir)
    require_data(settings, job)
    with looking(settings) as client:
        document, progress = client.job(job), client.progress(job)
        spec = spec_from_json(client.spec(job))
        by_number = {one["number"]: one for one in document["trials"]}
        front = client.front(job, reference_of(reference))
        chosen = document["front"] if number is None else [client.trial(job, number)["number"]]
        if not chosen and not (as_json and is_several(progress)):
            raise NotFound(f"{no_best(client, job)}; the job is {document['state']}")
    found = [by_number[one] for one in chosen]
    if is_several(progress) and number is None:
        _tell_front(spec, front, document, progress, as_json=as_json)
    elif as_json:
        print_document(_document(spec, trial_from_json(found[0]), found[0]))
    else:
        say(spelled(spec, trial_from_json(found[0]), spelling))


def _tell_front(
    spec: JobSpec, front: Document, document: Document, progress: Document, *, as_json: bool
) -> None:
    from dowse.wire.documents import trial_from_json

    if not as_json:
        for line in front_lines(document, progress):
            say(line)
        if front["reference"] is not None:
            say()
            say(printable(_volume_line(front)))
        return
    shown = [_document(spec, trial_from_json(one), one) for one in front["trials"]]
    print_document({**front, "trials": shown})


def _volume_line(front: Document) -> str:
    worst = ", ".join(
        f"{name} {words.short(words.number(value))}" for name, value in front["reference"].items()
    )
    return f"Hypervolume up to {worst}: {words.short(words.number(front['hypervolume']))}"


def reference_of(given: list[str] | None) -> dict[str, float]:
    """`["accuracy=0.5"]` as a mapping. Raises InvalidInput."""
    found = {}
    for text in given or ():
        name, _, number = text.rpartition("=")
        try:
            found[name] = float(number)
        except ValueError:
            message = f"must be NAME=VALUE, such as accuracy=0.5, got {text!r}"
            raise InvalidInput([Problem(path="--reference", message=message)]) from None
    return found


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
        "further": best["further"],
        "step": trial.step,
        "parameters": passed_objects(spec, trial),
        "flags": list(tuned_words(spec, trial)),
        "output_dir": trial.output_dir,
    }
