import pytest

from dowse.domain.ceilings import Ceilings, under
from dowse.domain.job import JobState
from dowse.domain.lifecycle import limit
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
    with pytest.raises(Refused, match="job digits is succeeded: it is over, and nothing limits it"):
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
