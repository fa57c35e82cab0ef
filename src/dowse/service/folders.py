"""Where things lie below the data directory.

<data>/dowse.db                      the store
<data>/owner.lock, owner.json        who owns it, and where the owner listens
<data>/token, trial.key, port        what opens the door, and where trials find it
<data>/uploads/                      programs that came over the network, until a job takes them
<data>/jobs/<job>/code/              the snapshot of the program
<data>/jobs/<job>/inputs/<name>/     data that was fetched for the job
<data>/jobs/<job>/packages/<k>/      Python packages that were fetched for the job
<data>/jobs/<job>/trials/prepare/    the step before the first trial
<data>/jobs/<job>/trials/<n>/        attempt 1 of trial n; later attempts are <n>.<attempt>
<data>/jobs/<job>/trials/<n>.checkpoints/  what the attempts of trial n hand on
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from dowse.domain.trial import AttemptRef
from dowse.errors import InvalidInput, Problem
from dowse.runtime import layout


@dataclass(frozen=True, slots=True)
class DataDirectory:
    root: Path

    def make(self) -> None:
        """Create the directory unless it is there. Raises InvalidInput where it cannot be ours."""
        try:
            self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise self.unusable(error.strerror or str(error)) from None
        if not os.access(self.root, os.R_OK | os.W_OK | os.X_OK):
            raise self.unusable("Permission denied")

    def unusable(self, why: str) -> InvalidInput:
        """The error for a directory that this user cannot keep data in."""
        message = f"cannot be used: {why}; choose another one with --data-dir or DOWSE_DATA_DIR"
        return InvalidInput([Problem(path=f"data directory {self.root}", message=message)])

    @property
    def database(self) -> Path:
        return self.root / "dowse.db"

    @property
    def lock(self) -> Path:
        return self.root / "owner.lock"

    @property
    def owner(self) -> Path:
        return self.root / "owner.json"

    @property
    def token(self) -> Path:
        return self.root / "token"

    @property
    def trial_key(self) -> Path:
        return self.root / "trial.key"

    @property
    def port(self) -> Path:
        """The port of the door for trials, which the next owner takes again."""
        return self.root / "port"

    @property
    def log(self) -> Path:
        return self.root / "owner.log"

    @property
    def uploads(self) -> Path:
        """Program folders that came over the network and that no job has taken yet."""
        return self.root / "uploads"

    def job(self, name: str) -> Path:
        return self.root / "jobs" / name

    def code(self, name: str) -> Path:
        return self.job(name) / "code"

    def inputs(self, name: str) -> Path:
        return self.job(name) / "inputs"

    def packages(self, name: str) -> Path:
        return self.job(name) / "packages"

    def spare(self, name: str) -> Path:
        """The working copy that is made ahead for the next trial."""
        return self.job(name) / "spare"

    def attempt(self, ref: AttemptRef) -> Path:
        return layout.attempt_directory(self.root / "jobs", ref)
