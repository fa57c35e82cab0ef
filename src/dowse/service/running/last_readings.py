"""The last look at an attempt that has ended. A fault of our own that stays must not keep its trial
running for ever: after `patience` failures in a row, the trial ends with what is known.
"""

from __future__ import annotations

from dowse.domain.events import Noted
from dowse.domain.trial import Trial
from dowse.errors import Conflict, Unavailable
from dowse.ports import Ended, Store
from dowse.service.running.readings import Readings
from dowse.service.running.settling import Settlement, unsettled
from dowse.service.running.views import JobView


def read_out(
    store: Store, readings: Readings, view: JobView, trial: Trial, *, patience: int
) -> None:
    """Read to the end; what stays unreadable is noted."""
    try:
        readings.read(view.spec, trial, final=True)
    except (Conflict, Unavailable):
        raise
    except Exception as error:
        if view.errors < patience:
            raise
        note = f"not everything that trial {trial.number} reported could be read: {error}"
        store.append_event(view.job.id, Noted(message=note, trial=trial.number))


def settlement_of(
    readings: Readings, view: JobView, trial: Trial, ended: Ended, *, patience: int
) -> Settlement:
    try:
        return readings.settlement(view.spec, trial, ended)
    except (Conflict, Unavailable):
        raise
    except Exception as error:
        if view.errors < patience:
            raise
        return unsettled(ended, error)
