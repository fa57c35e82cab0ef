"""One curve from the attempts of a trial that was paused and went on."""

from __future__ import annotations

from collections.abc import Sequence

from dowse.domain.metrics import Measurement


def joined(attempts: Sequence[Sequence[Measurement]]) -> list[Measurement]:
    """The reports of one metric by several attempts, the earliest first, as if of one program.

    A program that went on from a checkpoint repeats the steps since then, and one that began
    again repeats all: what a later attempt reports from its first to its last step takes the
    place of what was reported for these steps before, so that each step counts once. Where no
    report has a step, nothing says what is repeated, and the attempts follow one another.
    """
    curve: list[Measurement] = []
    for reports in attempts:
        steps = [report.step for report in reports]
        if not any(steps):
            curve += reports
            continue
        first, last = min(steps), max(steps)
        before = [report for report in curve if report.step < first]
        beyond = [report for report in curve if report.step > last]
        curve = [*before, *reports, *beyond]
    return curve
