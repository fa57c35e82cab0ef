"""Carrying out the step before a job's first trial, with the same runner as its trials."""

from __future__ import annotations

from dataclasses import replace

from dowse.domain.events import Noted
from dowse.domain.trial import AttemptRef
from dowse.ports import Ended, Executor, Store
from dowse.runtime import layout
from dowse.service.running.preparation import Stage, after_attempt
from dowse.service.running.views import JobView
from dowse.service.running.workplace import Workplace


class Preparing:
    """What the loop does about preparations; how far each one is stands in its job's view."""

    def __init__(self, store: Store, executor: Executor, workplace: Workplace) -> None:
        self._store = store
        self._executor = executor
        self._workplace = workplace
        self._handed_over: set[AttemptRef] = set()

    def look_after(self, view: JobView) -> None:
        """Find out how far the preparation is, and watch one that an earlier owner began."""
        if view.preparation is None:
            view.preparation = self._workplace.preparation(view.spec, view.job.name)
        ref = view.preparation.ref(view.job.name)
        if view.preparation.is_live and ref not in self._handed_over:
            self._executor.attach([(ref, self._workplace.directory(ref))])
            self._handed_over.add(ref)

    def start(self, view: JobView) -> None:
        assert view.preparation is not None
        ref = view.preparation.ref(view.job.name)
        self._executor.start(self._workplace.begin_preparation(view.spec, ref))
        self._handed_over.add(ref)
        view.preparation = replace(view.preparation, stage=Stage.RUNNING)
        self._tell(view, "preparing the job")

    def stop(self, view: JobView) -> None:
        assert view.preparation is not None
        self._executor.stop(view.preparation.ref(view.job.name))
        view.preparation = replace(view.preparation, stage=Stage.STOPPING)

    def settle(self, view: JobView, ended: Ended) -> None:
        ref, known = ended.attempt, view.preparation
        if known is None or not known.is_live or known.ref(view.job.name) != ref:
            return  # It was told before.
        found = after_attempt(
            ref.attempt,
            ended.ended_by,
            exit_code=ended.exit_code,
            words=self._workplace.last_line(ref),
            retries=view.spec.limits.retries,
        )
        self._handed_over.discard(ref)
        match found.stage:
            case Stage.READY:
                self._tell(view, "the job is prepared")
            case Stage.FAILED:
                log = self._workplace.directory(ref) / layout.LOG
                found = replace(found, message=f"{found.message}; its log is {log}")
            case _:
                self._tell(view, "the preparation was interrupted; it begins afresh")
        view.preparation = found

    def _tell(self, view: JobView, message: str) -> None:
        self._store.append_event(view.job.id, Noted(message=message))
