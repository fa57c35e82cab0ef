from dowse.domain.trial import AttemptRef
from dowse.service.running.arrivals import Arrivals

ONE, OTHER = AttemptRef("digits", 1, 1), AttemptRef("digits", 2, 1)


def test_what_was_added_for_an_attempt_is_taken_once() -> None:
    arrivals = Arrivals()
    arrivals.add(ONE, 2)
    arrivals.add(OTHER, 1)
    arrivals.add(ONE, 3)
    assert [arrivals.take(ONE), arrivals.take(ONE), arrivals.take(OTHER)] == [5, None, 1]
