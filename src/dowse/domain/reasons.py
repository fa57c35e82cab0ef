"""Why a job or a trial is in its state: the closed list beside the few states."""

from __future__ import annotations

from enum import Enum


class Reason(Enum):
    # of trials
    NO_METRIC = "no_metric"  # exit code 0, but the objective was never reported
    NONZERO_EXIT = "nonzero_exit"  # the program failed or died of a signal
    START_ERROR = "start_error"  # the command could not be started
    LOST = "lost"  # its runner disappeared, and no retry is left
    INFEASIBLE = "infeasible"  # no finite value was reported
    STOPPED_EARLY = "stopped_early"  # the early-stopping rule ended it
    AWAITS_PROMOTION = "awaits_promotion"  # the early-stopping rule paused it
    JOB_ENDED = "job_ended"  # its job ended before it
    NO_PROGRESS = "no_progress"  # it neither reported nor printed anything for too long
    # of jobs
    PREPARATION_FAILED = "preparation_failed"  # the step before its first trial failed
    TRIALS_DONE = "trials_done"  # as many trials as were asked for
    SEARCH_SPACE_EXHAUSTED = "search_space_exhausted"  # every configuration was tried
    TARGET_REACHED = "target_reached"
    NO_IMPROVEMENT = "no_improvement"  # no better result in as many trials as its patience
    COST_LIMIT = "cost_limit"  # as much money as was allowed is spent
    CONVERGED = "converged"  # no better result is expected
    FIRST_TRIAL_FAILED = "first_trial_failed"
    TOO_MANY_FAILURES = "too_many_failures"
    INTERRUPTED = "interrupted"  # Ctrl-C or a closed terminal
    DISK_FULL = "disk_full"
    # of both
    SYSTEM_ERROR = "system_error"  # Dowse itself failed
    TIMEOUT = "timeout"
    USER = "user"  # somebody asked for it
