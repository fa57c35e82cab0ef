from __future__ import annotations

import pytest

from dowse.domain.trial import AttemptRef, Trial
from dowse.service.trial_tokens import TrialPass, TrialTokens

TOKENS = TrialTokens(b"k" * 32)


def trial(job: str = "tune", *, job_id: int = 4, number: int = 7, attempt: int = 1) -> Trial:
    return Trial(
        job_id=job_id, job=job, number=number, attempt=attempt, parameters={}, created_at=0.0
    )


@pytest.mark.parametrize("job", ["tune", "조정-1", "a.b_c", "x" * 128])
def test_a_token_speaks_for_its_attempt(job: str) -> None:
    token = TOKENS.token(trial(job, attempt=3))
    assert TOKENS.read(token) == TrialPass(job_id=4, attempt=AttemptRef(job, 7, 3))
    assert token.isascii()
    assert not set(token) & set(" :/=")


def test_trials_attempts_and_later_jobs_of_the_same_name_have_tokens_of_their_own() -> None:
    others = [trial(number=8), trial(attempt=2), trial(job_id=5), trial("tunf")]
    tokens = {TOKENS.token(each) for each in [trial(), *others]}
    assert len(tokens) == 5
    assert TOKENS.token(trial()) == TOKENS.token(trial())


def test_a_token_of_another_key_or_with_any_character_changed_is_nobodys() -> None:
    token = TOKENS.token(trial())
    assert TrialTokens(b"other" * 8).read(token) is None
    for place in range(len(token)):
        other = "A" if token[place] != "A" else "B"
        changed = f"{token[:place]}{other}{token[place + 1 :]}"
        # The last letter of base64 may hold bits that mean nothing.
        assert TOKENS.read(changed) is None or place == len(token) - 1


@pytest.mark.parametrize(
    "text",
    ["", ".", "..", "dt1", "dt1..", "dt1.a.b.c", "dt2.NC83LzEvdHVuZQ.x", "dt1.é.é", "x" * 5000],
)
def test_any_other_text_is_nobodys(text: str) -> None:
    assert TOKENS.read(text) is None
