from __future__ import annotations

from pathlib import Path

from dowse.domain.trial import AttemptRef
from dowse.runtime import layout


def test_a_first_attempt_lies_under_the_number_of_its_trial() -> None:
    attempt = AttemptRef("digits", 7, 1)
    assert layout.attempt_directory(Path("/d/jobs"), attempt) == Path("/d/jobs/digits/trials/7")


def test_a_later_attempt_has_a_directory_of_its_own() -> None:
    attempt = AttemptRef("digits", 7, 2)
    assert layout.attempt_directory(Path("/d/jobs"), attempt) == Path("/d/jobs/digits/trials/7.2")


def test_attempts_of_two_data_directories_bear_different_marks() -> None:
    one = layout.attempt_marks("/d/jobs/digits/trials/7", "digits/7/1")
    other = layout.attempt_marks("/e/jobs/digits/trials/7", "digits/7/1")
    assert one == (b"DOWSE_ATTEMPT=digits/7/1", b"DOWSE_STOP_FILE=/d/jobs/digits/trials/7/stop")
    assert one != other
