"""Signs of life of running trials, for the limit on going without one."""

from __future__ import annotations

from dowse.service.running.readings import Readings
from dowse.service.running.views import JobView
from dowse.service.running.workplace import Workplace


def follow_signs(view: JobView, readings: Readings, workplace: Workplace, now: float) -> None:
    """Note who has reported or printed something since the last look.

    An owner that has just come gives every trial the whole time again: what happened before, it
    cannot know.
    """
    if view.spec.limits.no_progress_s is None:
        return
    live = {trial.ref for trial in view.live}
    for gone in set(view.signs) - live:
        del view.signs[gone]
    for ref in live:
        printed = workplace.printed_at(ref) or 0.0
        known = view.signs.get(ref)
        if known is None or readings.heard(ref):
            known = now
        view.signs[ref] = max(known, min(printed, now))
