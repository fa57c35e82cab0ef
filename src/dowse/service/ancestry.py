"""What a job takes over from earlier ones, found and pinned when it is submitted.

Resuming takes all trials of a job that is over, and those it took over itself, as own results.
Learning takes what finished jobs with similar names and parameters found, as a hint that the
suggester weighs by how well it predicts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from dowse.domain.continuing import objective_problems, space_problems, translated, unfit
from dowse.domain.history import Ending, Observation
from dowse.domain.job import FINAL_JOB_STATES, Job
from dowse.domain.lineage import NOTHING, Chosen, Continuation, Inherited, Lineage, Pinned
from dowse.domain.parameters import Value
from dowse.domain.similarity import (
    LEAST_NAME_SCORE,
    LEAST_SPACE_SCORE,
    name_score,
    shared_names,
    space_score,
)
from dowse.domain.source import Source
from dowse.domain.spec import JobSpec
from dowse.domain.targets import Targets
from dowse.domain.trial import Trial
from dowse.errors import InvalidInput, NotFound, Problem, Refused, Severity
from dowse.ports import Store
from dowse.service.curves import reports_of
from dowse.service.histories import history_of
from dowse.service.telling import enough_results, telling

MOST_SOURCES = 8
LOOKED_AT = 1_000
"""So many finished jobs are looked at, the newest first."""
WITHOUT_RESULTS = ("random", "sobol", "grid")
"""Algorithms that look at no results have nothing to learn."""


class Ancestry:
    """Finds and pins what jobs take over."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def previous(self, name: str) -> JobSpec:
        """The spec of a job that another can go on with. Raises NotFound, or Refused with why."""
        job = self._store.job(name)
        spec = self._store.spec(job.id)
        if (why := unfit(job, spec)) is not None:
            raise Refused(why)
        return spec

    def pin(self, spec: JobSpec, *, name: str) -> Lineage:
        """What the job `name` takes over. Raises InvalidInput where that cannot be."""
        if spec.is_external:
            return NOTHING
        lineage = NOTHING if spec.continues is None else self._continued(spec, spec.continues)
        if spec.algorithm.name in WITHOUT_RESULTS or not spec.targets.is_plain:
            return replace(lineage, sources=())
        chosen = self._chosen(spec, name=name, lineage=lineage)
        return replace(lineage, sources=(*lineage.sources, *chosen)[:MOST_SOURCES])

    def advice(self, spec: JobSpec) -> tuple[Problem, ...]:
        """What is odd, but has a meaning, in going on with a job."""
        asked = spec.continues
        if asked is None:
            return ()
        before = self._store.spec(self._store.job(asked.job).id)
        lineage = self._continued(spec, asked)
        return tuple(
            Problem(path=path, message=message, severity=Severity.WARNING)
            for path, message in oddities(spec, before, lineage)
        )

    # ------------------------------------------------------------------ going on with a job

    def _continued(self, spec: JobSpec, asked: Continuation) -> Lineage:
        path = "extend" if asked.changed else "resume"
        try:
            before = self.previous(asked.job)
        except (NotFound, Refused) as error:
            raise InvalidInput([Problem(path=path, message=str(error))]) from None
        problems = [*objective_problems(asked.job, spec.objective, before.objective)]
        if not asked.changed:
            problems += space_problems(asked.job, spec.space, before.space)
        if problems:
            raise InvalidInput(problems)
        job = self._store.job(asked.job)
        known = self._store.lineage(job.id)
        trials = [trial for trial in self._store.trials(job.id) if _began(trial)]
        own = history_of(self._told(trials, before, spec.targets), spec.targets).observations
        past = (*known.inherited, *(_inherited(job, each) for each in own))
        lineage = Lineage(
            parent=job.name,
            parent_id=job.id,
            index=known.index + len(self._store.trials(job.id)),
            # The sources of a job stay those of the job that goes on with it.
            sources=known.sources,
        )
        if spec.space == before.space:
            note = self._store.note(job.id) or known.note
            return replace(lineage, inherited=_numbered(past), note=note)
        return _in_new_space(lineage, past, spec, before, asked)

    def _told(self, trials: Sequence[Trial], before: JobSpec, targets: Targets) -> list[Trial]:
        """Trials with every value that is asked for now: they may have reported what their own job
        did not ask for.
        """
        whole = []
        for trial in trials:
            reports = {
                name: reports_of(self._store, before, trial, name)
                for name in targets.named
                if name not in trial.further
            }
            found = targets.counted(reports)
            further = {name: found[name].value for name in reports if name in found}
            whole.append(replace(trial, further={**trial.further, **further}))
        return whole

    # ------------------------------------------------------------------ learning

    def _chosen(self, spec: JobSpec, *, name: str, lineage: Lineage) -> tuple[Pinned, ...]:
        if spec.learning.jobs:
            return tuple(self._named(spec, each, name) for each in spec.learning.jobs)
        if not spec.learning.similar or spec.continues is not None:
            return ()
        return self._similar(spec, name)

    def _named(self, spec: JobSpec, other: str, name: str) -> Pinned:
        """Raises InvalidInput for a job from which nothing can be learnt."""
        try:
            job = self._store.job(other)
            theirs = self._store.spec(job.id)
        except (NotFound, InvalidInput) as error:
            raise _refusal(str(error)) from None
        problems = [*objective_problems(other, spec.objective, theirs.objective)]
        if problems:
            wrong = "; ".join(f"{each.path} {each.message}" for each in problems)
            raise _refusal(f"{other} cannot be learnt from: {wrong}")
        if not shared_names(spec.space, theirs.space):
            had = ", ".join(theirs.space.names)
            raise _refusal(f"{other} cannot be learnt from: it has no parameter in common ({had})")
        found = history_of(self._store.trials(job.id), _first_of(theirs)).observations
        if not enough_results(found):
            count = sum(each.ending is Ending.MEASURED for each in found)
            raise _refusal(f"{other} cannot be learnt from: it has {count} results, 5 are needed")
        return _pinned(job, theirs, found, spec, name=name, chosen=Chosen.NAMED)

    def _similar(self, spec: JobSpec, name: str) -> tuple[Pinned, ...]:
        """The best of those that are alike enough, the newest first among equals."""
        finished = self._store.jobs(states=tuple(FINAL_JOB_STATES))
        named = (job for job in finished if name_score(name, job.name) >= LEAST_NAME_SCORE)
        found = [
            pinned for job in islice(named, LOOKED_AT) if (pinned := self._alike(spec, job, name))
        ]
        found.sort(key=lambda each: -each.score)
        return tuple(found[:MOST_SOURCES])

    def _alike(self, spec: JobSpec, job: Job, name: str) -> Pinned | None:
        try:
            theirs = self._store.spec(job.id)
        except InvalidInput:  # A job of a version that is read no more teaches nothing.
            return None
        if len(theirs.objectives) > 1 or theirs.is_external:
            return None
        if any(objective_problems(job.name, spec.objective, theirs.objective)):
            return None
        if space_score(spec.space, theirs.space) < LEAST_SPACE_SCORE:
            return None
        found = history_of(self._store.trials(job.id), _first_of(theirs)).observations
        if not enough_results(found):
            return None
        return _pinned(job, theirs, found, spec, name=name, chosen=Chosen.SIMILAR)


def _began(trial: Trial) -> bool:
    """What was never started may be suggested again."""
    return trial.state.is_final and trial.started_at is not None


def _first_of(spec: JobSpec) -> Targets:
    """What others learn from a job: its values, whatever else it was to keep."""
    return Targets(objectives=spec.objectives[:1])


def _inherited(job: Job, observation: Observation) -> Inherited:
    return Inherited(job=job.name, trial=observation.number, observation=observation)


def _numbered(past: tuple[Inherited, ...]) -> tuple[Inherited, ...]:
    """Observations numbered up to 0: those of the job itself begin with 1."""
    return tuple(
        replace(each, observation=replace(each.observation, number=place))
        for place, each in enumerate(past, start=1 - len(past))
    )


def _in_new_space(
    lineage: Lineage,
    past: tuple[Inherited, ...],
    spec: JobSpec,
    before: JobSpec,
    asked: Continuation,
) -> Lineage:
    """Trials that are no trials of the new space are learnt from as those of another job."""
    result = translated(
        [each.observation for each in past],
        before=before.space,
        space=spec.space,
        fixed={**_constants(spec, before), **asked.fixed},
    )
    own = tuple(replace(past[place], observation=one) for place, one in result.own)
    places = {place for place, _ in result.own}
    others = tuple(each.observation for i, each in enumerate(past) if i not in places)
    sources = lineage.sources
    if enough_results(others):
        source = Source(
            name=asked.job,
            space=before.space,
            goal=before.objective.goal,
            observations=telling(others, before.objective.goal),
        )
        rest = Pinned(
            source=source,
            chosen=Chosen.CONTINUED,
            name_score=1.0,
            space_score=space_score(spec.space, before.space),
        )
        sources = (rest, *sources)
    return replace(lineage, inherited=_numbered(own), sources=sources)


def _constants(spec: JobSpec, before: JobSpec) -> Mapping[str, Value]:
    """What the earlier program had of parameters that are new, and this one has of old ones."""
    was = {name: one.value for name, one in before.launch.passing.constants.items()}
    now = {name: one.value for name, one in spec.launch.passing.constants.items()}
    return {
        **{name: value for name, value in was.items() if name in spec.space.names},
        **{name: value for name, value in now.items() if name in before.space.names},
    }


def _pinned(
    job: Job,
    theirs: JobSpec,
    found: tuple[Observation, ...],
    spec: JobSpec,
    *,
    name: str,
    chosen: Chosen,
) -> Pinned:
    alike = name_score(name, job.name)
    source = Source(
        name=job.name,
        space=theirs.space,
        goal=theirs.objective.goal,
        observations=telling(found, theirs.objective.goal),
        trust=alike if chosen is Chosen.SIMILAR else 1.0,
    )
    return Pinned(
        source=source,
        chosen=chosen,
        name_score=alike,
        space_score=space_score(spec.space, theirs.space),
    )


def _refusal(message: str) -> InvalidInput:
    return InvalidInput([Problem(path="learn_from", message=message)])


def oddities(spec: JobSpec, before: JobSpec, lineage: Lineage) -> Iterator[tuple[str, str]]:
    """(path, sentence) of what a user may not have meant."""
    own = lineage.inherited
    outside = [each for each in own if spec.space.problems(each.observation.parameters)]
    if own and len(outside) == len(own):
        yield (
            "parameters",
            f"no earlier trial lies in the new ranges: all {len(own)} count as results of "
            "configurations that are not tried any more, and tell what they can of the new ones",
        )
    unmeasured = [each for each in own if each.observation.ending is Ending.FAILED]
    if own and len(unmeasured) == len(own) and not spec.targets.is_plain:
        asked = ", ".join(spec.targets.metrics)
        yield (
            "metric_limits" if spec.metric_limits else "objectives",
            f"no earlier trial reported all of {asked}: all {len(own)} count as failed",
        )
    if any(each.chosen is Chosen.CONTINUED for each in lineage.sources):
        names = [
            *(name for name in spec.space.names if name not in before.space.names),
            *(name for name in before.space.names if name not in spec.space.names),
        ]
        what = ", ".join(names) or "labels"
        become = (
            "learnt from as those of another job"
            if spec.targets.is_plain
            else "left out, for with several objectives or limits nothing is learnt from other jobs"
        )
        yield (
            "extend",
            f"earlier trials that differ in {what} are {become}; "
            "fixed values of these parameters make them results of this one",
        )
    directory = spec.launch.job_dir
    if directory is not None and directory == before.launch.job_dir:
        yield (
            "job_dir",
            f"is that of {lineage.parent}, and trials are numbered from 1 again: they write "
            f"where its trials wrote, below {directory}",
        )
