from collections.abc import Mapping
from dataclasses import replace

import pytest

from dowse.domain.ceilings import Ceilings, refuse_beyond, under
from dowse.domain.job import JobState
from dowse.domain.lifecycle import limit
from dowse.domain.spec import JobSpec, Resources
from dowse.errors import InvalidInput, Refused
from tests.unit.service.values import a_job, a_spec

BEFORE = Ceilings(trials=10, parallel=2, failed=None)


def test_only_what_was_changed_is_told() -> None:
    change = limit(a_job(), BEFORE, BEFORE.with_({"parallel": 4, "failed": 3}))
    (event,) = change.events
    assert change.after.limits == Ceilings(trials=10, parallel=4, failed=3)
    assert (event.before, event.after) == (  # type: ignore[union-attr]
        {"parallel": 2, "failed": None},
        {"parallel": 4, "failed": 3},
    )


def test_a_job_that_is_over_has_no_limits_to_change() -> None:
    with pytest.raises(
        Refused,
        match="job digits is succeeded: it is over, and nothing limits it; dowse extend digits",
    ):
        limit(a_job(JobState.SUCCEEDED), BEFORE, BEFORE)


def test_the_job_is_carried_out_under_what_was_set_last() -> None:
    spec = a_spec(trials=10, parallel=2, timeout_s=60.0)
    assert under(spec, None) is spec
    limits = under(spec, Ceilings(trials=60, parallel=4, failed=3)).limits
    assert (limits.trials, limits.parallel, limits.failed) == (60, 4, 3)
    assert limits.timeout_s == 60.0


@pytest.mark.parametrize(
    ("ceilings", "words"),
    [
        (Ceilings(trials=3, parallel=1, failed=4), "limits.failed: must not be above trials (3)"),
        (Ceilings(trials=0, parallel=1, failed=None), "limits.trials: must be a whole number from"),
        (Ceilings(trials=3, parallel=20_000, failed=None), "limits.parallel: must be a whole"),
    ],
)
def test_limits_that_cannot_be_are_refused(ceilings: Ceilings, words: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        under(a_spec(), ceilings)
    assert words in str(refusal.value)


def of(dialect: str, machine: str | None = None) -> JobSpec:
    spec = a_spec()
    launch = replace(spec.launch, resources=Resources(machine=machine))
    return replace(spec, dialect=dialect, launch=launch)


QUOTAS = {"t4": 2, "*": 4}


@pytest.mark.parametrize(
    ("spec", "changes", "words"),
    [
        (
            of("azure_ml"),
            {"trials": 1001},
            "limits.trials: must be at most 1000, the most that max_total_trials may be, got 1001",
        ),
        (
            of("azure_ml"),
            {"parallel": 1001},
            "limits.parallel: must be at most 1000, the most that max_concurrent_trials may be",
        ),
        (
            of("openbayes", "t4"),
            {"trials": 101, "parallel": 3},
            "limits.trials: must be at most 100, the most that max_job_count may be, got 101",
        ),
        (
            of("openbayes", "t4"),
            {"parallel": 3},
            "limits.parallel: must be at most 2, the quota of trials on t4 at once, got 3",
        ),
        (
            of("openbayes"),
            {"parallel": 5},
            "limits.parallel: must be at most 4, the quota of trials at once, got 5",
        ),
    ],
)
def test_what_the_document_of_a_job_could_not_ask_for_no_edit_can(
    spec: JobSpec, changes: Mapping[str, int], words: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        refuse_beyond(spec, changes, QUOTAS)
    assert words in str(refusal.value)


def test_an_edit_may_go_as_far_as_the_document_could() -> None:
    refuse_beyond(of("azure_ml"), {"trials": 1000, "parallel": 1000, "failed": None}, QUOTAS)
    refuse_beyond(of("openbayes", "t4"), {"trials": 100, "parallel": 2}, QUOTAS)
    refuse_beyond(of("openbayes", "t4"), {"parallel": 9}, {})
    refuse_beyond(of("native", "t4"), {"trials": 5000, "parallel": 5000}, QUOTAS)
