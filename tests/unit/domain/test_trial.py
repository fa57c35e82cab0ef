from dowse.domain.trial import AttemptRef, Trial, TrialState


def test_a_trial_knows_its_present_attempt() -> None:
    trial = Trial(job_id=1, job="digits", number=7, parameters={}, attempt=2, created_at=0.0)
    assert trial.ref == AttemptRef("digits", 7, 2)
    assert str(trial.ref) == "digits/7/2"


def test_only_further_attempts_have_their_number_in_the_folder() -> None:
    assert AttemptRef("digits", 7, 1).folder == "7"
    assert AttemptRef("digits", 7, 3).folder == "7.3"


def test_attempts_are_ordered_by_job_trial_and_attempt() -> None:
    refs = [AttemptRef("b", 1, 1), AttemptRef("a", 10, 1), AttemptRef("a", 2, 2)]
    assert [str(ref) for ref in sorted(refs)] == ["a/2/2", "a/10/1", "b/1/1"]


def test_processes_may_exist_while_a_trial_runs_or_stops() -> None:
    live = {state for state in TrialState if state.is_live}
    assert live == {TrialState.RUNNING, TrialState.STOPPING}
    assert not any(state.is_final for state in live)
