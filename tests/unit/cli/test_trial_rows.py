from typing import Any

from dowse.cli.trial_rows import trials_table


def a_trial(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "number": number,
        "state": "paused",
        "reason": "awaits_promotion",
        "message": "waits at rung 2 (3 reports): 0.3 is 3rd of 5, 1 is promoted",
        "objective": 0.3,
        "further": {},
        "step": 3,
        "parameters": {"lr": 0.1},
        **fields,
    }


def test_a_paused_trial_says_what_it_waits_for() -> None:
    over = a_trial(2, state="stopped", reason="stopped_early", message="its job ended")
    header, paused, stopped = trials_table([a_trial(1), over], "loss").splitlines()
    assert header.split() == ["trial", "state", "loss", "step", "lr", "reason"]
    assert paused.endswith("  waits at rung 2 (3 reports): 0.3 is 3rd of 5, 1 is promoted")
    assert stopped.endswith("  stopped early")
