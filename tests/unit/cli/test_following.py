import os
import signal

from dowse.cli.following import is_at_rest
from dowse.cli.interrupts import Interrupts


def test_a_paused_job_rests_only_when_nobody_wants_it_to_run() -> None:
    assert is_at_rest({"state": "paused", "intent": "pause"})
    assert not is_at_rest({"state": "paused", "intent": "run"})
    assert not is_at_rest({"state": "cancelling", "intent": "cancel"})
    assert is_at_rest({"state": "cancelled", "intent": "cancel"})


def test_ctrl_c_is_counted_and_a_closed_terminal_counts_as_the_first() -> None:
    before = signal.getsignal(signal.SIGHUP)
    with Interrupts("") as interrupts:
        os.kill(os.getpid(), signal.SIGHUP)
        os.kill(os.getpid(), signal.SIGTERM)
        assert interrupts.count == 1
        os.kill(os.getpid(), signal.SIGINT)
        assert interrupts.count == 2
        os.kill(os.getpid(), signal.SIGHUP)
        assert interrupts.count == 2
    assert signal.getsignal(signal.SIGHUP) is before


def test_under_nohup_a_closed_terminal_means_nothing() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with Interrupts("") as interrupts:
            os.kill(os.getpid(), signal.SIGHUP)
            assert interrupts.count == 0
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
