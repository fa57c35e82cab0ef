"""The suggester's process: questions in on standard input, answers out, one JSON line each."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from dowse import catalog
from dowse.domain.history import Ending, History
from dowse.domain.source import Source
from dowse.domain.spec import JobSpec
from dowse.errors import DowseError, InvalidInput
from dowse.optim.protocol import SuggestDecision, SuggestRequest
from dowse.service.versions import versions
from dowse.wire.base import to_text
from dowse.wire.history import history_from_json
from dowse.wire.sources import sources_from_json
from dowse.wire.spec import spec_from_json

NOTHING: Final[Mapping[str, Any]] = {
    "suggestions": [],
    "note": None,
    "exhausted": False,
    "converged": None,
    "error": None,
    "versions": {},
}


def answers(lines: Iterable[str | bytes]) -> Iterator[str]:
    """One answer line for each question line; a fault becomes an answer with an error."""
    jobs: dict[int, tuple[JobSpec, tuple[Source, ...]]] = {}
    for line in lines:
        message = json.loads(line)
        try:
            if "spec" in message:
                sources = sources_from_json(message.get("sources", ()))
                jobs[message["job"]] = spec_from_json(message["spec"]), sources
            spec, sources = jobs[message["job"]]
            answer = suggest(spec, message, sources)
        except Exception as error:
            # Any fault here, a plug-in's included, must reach the job as words, not kill the rest.
            logging.exception("no suggestion for job %s", message["job"])
            known = isinstance(error, DowseError)
            words = str(error) if known else f"{type(error).__name__}: {error}"
            answer = {**NOTHING, "error": words}
        yield to_text({"id": message["id"], **answer})


def suggest(
    spec: JobSpec, message: Mapping[str, Any], sources: tuple[Source, ...] = ()
) -> dict[str, Any]:
    """The answer to one question, without its id.

    Raises InvalidInput when the suggester does not keep what its protocol promises.
    """
    history = history_from_json(message["history"])
    if (said := converged(spec, history, message["note"])) is not None:
        return {**NOTHING, "note": message["note"], "converged": said}
    decision = catalog.suggester(spec.algorithm).suggest(
        SuggestRequest(
            space=spec.space,
            goal=spec.objective.goal,
            history=history,
            count=message["count"],
            seed=spec.seed,
            note=message["note"],
            repeats=spec.algorithm.repeats,
            sources=sources,
            further=spec.objectives[1:],
            limits=spec.metric_limits,
        )
    )
    check(decision, spec, count=message["count"])
    return {
        **NOTHING,
        "suggestions": [
            {"parameters": dict(one.parameters), "why": dict(one.why)}
            for one in decision.suggestions
        ],
        "note": decision.note,
        "exhausted": decision.exhausted,
        "versions": versions(spec.algorithm),
    }


def converged(spec: JobSpec, history: History, note: Mapping[str, Any] | None) -> str | None:
    """What says that no better result is expected, where the job asks for that."""
    wanted = spec.limits.improvement
    if wanted is None:
        return None
    # Only jobs that ask for it load what it is computed with.
    from dowse.analysis.convergence import LEAST_TRIALS, Verdict
    from dowse.analysis.insights import Insights

    if sum(each.ending is Ending.MEASURED for each in history.observations) < LEAST_TRIALS:
        return None
    goal, tolerance = spec.objective.goal, None if isinstance(wanted, str) else wanted
    insights = Insights(space=spec.space, goal=goal, history=history, note=note, seed=spec.seed)
    found = insights.convergence(tolerance)
    return found.message if found.verdict is Verdict.CONVERGED else None


def check(decision: SuggestDecision, spec: JobSpec, *, count: int) -> None:
    """A plug-in may break its promises; what follows from that must not be a wrong trial."""
    name, found = spec.algorithm.name, decision.suggestions
    if len(found) > count:
        raise InvalidInput(f"{name} gave {len(found)} suggestions, at most {count} were asked for")
    if not found and not decision.exhausted:
        raise InvalidInput(f"{name} gave no suggestion, and says not that the space is exhausted")
    for one in found:
        if problems := spec.space.problems(one.parameters):
            raise InvalidInput(f"{name} left the search space: {problems[0]}")


def main() -> None:
    # Answers go to what was standard output; a plug-in that prints must not be taken for one.
    with os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8") as output:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        for line in answers(sys.stdin.buffer):
            output.write(line + "\n")
            output.flush()


if __name__ == "__main__":
    main()
