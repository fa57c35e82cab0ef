"""What early stopping has saved, and how often it was wrong.

A stopped trial would have gone on to its full length, which nobody saw: it is taken from the trials
that ran to their end, and every entry says how. What a control did after it was condemned was seen.

Stopping a trial is *wrong* when its final value would have beaten the job's best. The controls are
drawn by lot from the condemned trials, so the share of them that beat every trial which is no
control estimates the share of all condemned ones; the interval is that of Clopper and Pearson
(1934), which holds for any number of controls, and is wide when they are few.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from dowse.domain.metrics import Goal, better

CONFIDENCE = 0.95
FEW = 20
"""With fewer controls the interval says little, and the account says so."""


class Basis(Enum):
    """How the full length of a stopped trial is known."""

    EQUAL = "equal"  # every trial that ran to its end made as many reports
    MEDIAN = "median"  # the median of the trials that ran to their end
    LONGEST = "longest"  # none did: it is at least that of the longest trial
    UNKNOWN = "unknown"  # no trial went further


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One trial. `reports` are those of the objective, `step` is that of the last one, `seconds` is
    its running time and `attempt_s` that of the attempt which made the reports.

    `rule` is what condemned it at `condemned_at` reports: a control ran on nevertheless. `value` is
    what counts of a trial that is over, None where it has no finite result.
    """

    trial: int
    reports: int
    step: int
    seconds: float
    attempt_s: float
    completed: bool = False
    value: float | None = None
    rule: str | None = None
    condemned_at: int = 0
    is_control: bool = False
    is_over: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """A full length in reports and in the program's own steps, from so many trials."""

    reports: float
    step: float
    basis: Basis
    trials: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """What one stopped trial did not spend: None where its full length is not known."""

    trial: int
    rule: str
    reports: int
    expected: Length
    saved_reports: float | None
    saved_steps: float | None
    saved_seconds: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """The savings of one rule. `unknown` counts the stopped trials that nothing is known of."""

    rule: str
    stopped: int
    reports: float
    steps: float
    seconds: float
    unknown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What the controls say. `low` and `high` hold the share of wrong stops with CONFIDENCE.

    `judged` controls have ended with a result, `wrong` of them beat every trial that is no control;
    `open` ones still run, and `failed` ones have ended without a result. `rate` is None while
    none is judged. `reports` and `seconds` are what they spent after they were condemned.
    """

    controls: int
    judged: int
    wrong: int
    open: int
    failed: int
    rate: float | None
    low: float
    high: float
    reports: int
    seconds: float
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Savings:
    """`share` is the saved part of all reports that the job would have made, None where nothing was
    saved or nothing is known.
    """

    entries: tuple[Saving, ...]
    totals: tuple[Total, ...]
    spent_reports: int
    spent_seconds: float
    share: float | None
    audit: Audit


def savings(runs: Sequence[Run], goal: Goal) -> Savings:
    """The account of one job."""
    stopped = [run for run in runs if run.rule is not None and not run.is_control]
    found = (_saving(run, expected_length(run, runs)) for run in stopped)
    # Who had made all its reports when its verdict came was let run to its end.
    entries = tuple(entry for entry in found if entry.saved_reports != 0.0)
    names = sorted({entry.rule for entry in entries})
    spent = sum(run.reports for run in runs)
    saved = math.fsum(entry.saved_reports or 0.0 for entry in entries)
    return Savings(
        entries=entries,
        totals=tuple(_total(name, entries) for name in names),
        spent_reports=spent,
        spent_seconds=math.fsum(run.seconds for run in runs),
        share=saved / (spent + saved) if saved > 0.0 else None,
        audit=audit(runs, goal),
    )


def expected_length(run: Run, runs: Sequence[Run]) -> Length:
    """How far a trial would have gone, by the trials that went further than it was let go."""
    whole = [other for other in runs if other.completed and other.reports > 0]
    if whole:
        counts = [other.reports for other in whole]
        basis = Basis.EQUAL if len(set(counts)) == 1 else Basis.MEDIAN
        reports = float(statistics.median(counts))
        step = float(statistics.median(other.step for other in whole))
        if reports >= run.reports:
            return Length(reports=reports, step=step, basis=basis, trials=len(whole))
    further = [other for other in runs if other.reports > run.reports]
    if not further:
        return Length(
            reports=float(run.reports), step=float(run.step), basis=Basis.UNKNOWN, trials=0
        )
    longest = max(further, key=lambda other: other.reports)
    return Length(
        reports=float(longest.reports),
        step=float(longest.step),
        basis=Basis.LONGEST,
        trials=1,
    )


def _saving(run: Run, expected: Length) -> Saving:
    known = expected.basis is not Basis.UNKNOWN and run.reports > 0
    left = expected.reports - run.reports
    steps = max(0.0, expected.step - run.step)
    return Saving(
        trial=run.trial,
        rule=run.rule or "",
        reports=run.reports,
        expected=expected,
        saved_reports=left if known else None,
        # Programs that number no steps report them all as the same one.
        saved_steps=steps if known and expected.step > 0 else None,
        # At its own pace: a large network is slow before it is stopped and would be after.
        saved_seconds=run.attempt_s / run.reports * left if known else None,
    )


def _total(rule: str, entries: Sequence[Saving]) -> Total:
    of_rule = [entry for entry in entries if entry.rule == rule]
    return Total(
        rule=rule,
        stopped=len(of_rule),
        reports=math.fsum(entry.saved_reports or 0.0 for entry in of_rule),
        steps=math.fsum(entry.saved_steps or 0.0 for entry in of_rule),
        seconds=math.fsum(entry.saved_seconds or 0.0 for entry in of_rule),
        unknown=sum(entry.saved_reports is None for entry in of_rule),
    )


def audit(runs: Sequence[Run], goal: Goal) -> Audit:
    """How often stopping was wrong, by the controls."""
    controls = [run for run in runs if run.is_control]
    judged = [run for run in controls if run.completed and run.value is not None]
    best: float | None = None
    for run in runs:
        counts = run.is_over and not run.is_control and run.value is not None
        if counts and (best is None or better(run.value or 0.0, best, goal)):
            best = run.value
    wrong = sum(
        best is None or better(run.value, best, goal) for run in judged if run.value is not None
    )
    low, high = exact_interval(wrong, len(judged))
    found = Audit(
        controls=len(controls),
        judged=len(judged),
        wrong=wrong,
        open=sum(not run.is_over for run in controls),
        failed=sum(run.is_over for run in controls) - len(judged),
        rate=wrong / len(judged) if judged else None,
        low=low,
        high=high,
        reports=sum(run.reports - run.condemned_at for run in controls),
        seconds=math.fsum(_after_verdict_s(run) for run in controls),
        message=_sentence(len(controls), len(judged), wrong, low, high),
    )
    return found


def exact_interval(hits: int, draws: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Clopper and Pearson's interval of a probability of which `draws` gave `hits`."""
    # SciPy takes a moment to load, and most jobs have no controls.
    from scipy.special import betaincinv

    tail = (1.0 - confidence) / 2.0
    low = 0.0 if hits == 0 else float(betaincinv(hits, draws - hits + 1, tail))
    high = 1.0 if hits == draws else float(betaincinv(hits + 1, draws - hits, 1.0 - tail))
    return low, high


def _after_verdict_s(run: Run) -> float:
    """At the pace of the whole trial."""
    share = (run.reports - run.condemned_at) / run.reports if run.reports else 0.0
    return run.attempt_s * share


def _sentence(controls: int, judged: int, wrong: int, low: float, high: float) -> str:
    if controls == 0:
        return "no condemned trial ran on as a control: how often stopping was wrong is not known"
    if judged == 0:
        return "no control has ended with a result yet"
    said = (
        f"{wrong} of {judged} controls beat the best of the other trials: stopping was wrong in "
        f"{100 * wrong / judged:.3g} % of cases, with {CONFIDENCE:.0%} confidence in "
        f"{100 * low:.2g} to {100 * high:.3g} %"
    )
    return said + ("; so few controls say little" if judged < FEW else "")
