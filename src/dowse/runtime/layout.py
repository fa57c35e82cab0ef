"""What lies where in the directory of an attempt, and the variables that tell the program.

The names are read by the runner, by programs in any language and by people: they are for ever.
"""

from __future__ import annotations

TYPE_CHECKING = False  # Importing typing would slow down the start of every runner.
if TYPE_CHECKING:
    from pathlib import Path

    from dowse.domain.trial import AttemptRef

WORK = "work"
"""The directory a program starts in: its own copy of the code."""
OUTPUTS = "outputs"
"""The named outputs of a job that has no job directory on this machine."""
ARTIFACTS = "logged-artifacts"
"""Copies of files that the program logged, in its output directory; not searched for metrics."""
CHECKPOINTS = "checkpoints"
"""After the number of a trial: the directory beside its attempts that they all find again."""
LAUNCH = "launch.json"
"""What the runner was told to carry out, and with which resources; no environment's values."""
LOG = "log.txt"
"""Standard output and standard error of the program, as they came."""
REPORT = "report.jsonl"
HYPERTUNE = "hypertune.metrics"
SPOOL = "spool.jsonl"
"""Append-only: every report that the runner saw in the rewritten hypertune file."""
CLAIM = "claim"
"""Whoever creates this file decides: a runner that the attempt runs, an owner that it is lost."""
RUNNER = "runner.json"
"""The process that carries the attempt out."""
RUNNER_LOG = "runner.log"
"""What the runner itself had to say: empty unless the runner has a fault."""
HEARTBEAT = "heartbeat"
STOP = "stop"
"""A request to stop: that it exists is enough. In it may be a JSON object with `reason`, a sentence
that comes back in `exit.json`, and with `kill`, true for no (further) grace."""
EXIT = "exit.json"
"""How the attempt ended, written last: no process of the attempt is left."""

ATTEMPT_VARIABLE = "DOWSE_ATTEMPT"
REPORT_VARIABLE = "DOWSE_REPORT_FILE"
STOP_VARIABLE = "DOWSE_STOP_FILE"
CHECKPOINT_VARIABLE = "DOWSE_TRIAL_CHECKPOINT_DIR"
HYPERTUNE_VARIABLE = "CLOUD_ML_HP_METRIC_FILE"
GPUS_VARIABLE = "CUDA_VISIBLE_DEVICES"


def attempt_directory(jobs: Path, attempt: AttemptRef) -> Path:
    """`jobs` is the directory of all jobs in the data directory."""
    return jobs / attempt.job / "trials" / attempt.folder


def checkpoint_directory(attempt: Path, trial: int) -> Path:
    """`attempt` is the directory of any attempt of the trial."""
    return attempt.with_name(f"{trial}.{CHECKPOINTS}")


def attempt_marks(directory: str, tag: str) -> tuple[bytes, ...]:
    """The entries of an environment by which every process of an attempt is known.

    The tag alone is not enough: another data directory may have a job of the same name.
    """
    marks = (f"{ATTEMPT_VARIABLE}={tag}", f"{STOP_VARIABLE}={directory}/{STOP}")
    return tuple(mark.encode("utf-8", "surrogateescape") for mark in marks)
