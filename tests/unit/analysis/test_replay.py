"""What two forms of one decision have in common."""

import math

from dowse.analysis.replay import Agreement, compared


def test_the_same_values_are_equal_whether_whole_or_not() -> None:
    stored = {"x": 1.0, "units": 3, "kind": "adam", "by": {"curve": [1, math.nan]}}
    again = {"x": 1, "units": 3, "kind": "adam", "by": {"curve": [1, math.nan]}}
    assert compared(stored, again).agreement is Agreement.EQUAL


def test_without_a_change_of_versions_the_last_digit_counts() -> None:
    found = compared({"x": 0.3, "y": 2.0}, {"x": 0.30000000000000004, "y": 2.0})
    assert found.agreement is Agreement.DIFFERS
    assert found.message == "x is 0.3 in the log and 0.30000000000000004 again"
    assert compared({"x": 0.3}, {"x": 0.3 + 1e-12}, tolerance=1e-9).agreement is Agreement.DRIFT


def test_other_versions_make_numbers_drift_and_another_choice_tell_nothing() -> None:
    changed = ["numpy 1.26 became 2.0"]
    found = compared({"x": 1.0, "c": "a"}, {"x": 0.75, "c": "a"}, changed=changed)
    assert (found.agreement, found.drift) == (Agreement.DRIFT, 0.25)
    assert found.message == (
        "x is 1.0 in the log and 0.75 again (since then: numpy 1.26 became 2.0)"
    )
    other = compared({"x": 1.0, "c": "a"}, {"x": 1.0, "c": "b"}, changed=changed)
    assert other.agreement is Agreement.UNCHECKABLE
    assert "c is 'a' in the log and 'b' again" in other.message
    assert compared({"c": "a"}, {"c": "a"}, changed=changed).agreement is Agreement.EQUAL


def test_whole_numbers_words_and_truths_differ_wholly() -> None:
    for one, other in ((1, 2), ("1", 1), (True, 1), (None, 0.0), ([1], [1, 2]), (1.0, math.inf)):
        found = compared({"x": one}, {"x": other}, tolerance=0.9)
        assert found.agreement is Agreement.DIFFERS, (one, other)
        assert found.drift is None


def test_what_only_one_of_them_has_is_named() -> None:
    found = compared({"x": 1, "old": 2}, {"x": 1, "new": 3})
    assert found.message == "old is only in the log; new is missing in the log"
