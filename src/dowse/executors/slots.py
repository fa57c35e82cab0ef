"""Which attempt holds which CPUs and GPUs. Pure bookkeeping."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dowse.domain.trial import AttemptRef
from dowse.errors import Unavailable
from dowse.ports import Slots

_ROUNDING = 1e-9
"""Ten times 0.1 CPUs must fit into one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one attempt holds. `gpu_ids` is None when it did not ask, and then sees every GPU."""

    cpus: float = 0.0
    gpu_ids: tuple[str, ...] | None = None


class SlotTable:
    def __init__(self, *, cpus: float, gpu_ids: Sequence[str]) -> None:
        self._cpus = cpus
        self._gpu_ids = tuple(gpu_ids)
        self._shares: dict[AttemptRef, Share] = {}

    def slots(self) -> Slots:
        return Slots(
            cpus_free=max(0.0, self._cpus_free()),
            cpus_total=self._cpus,
            gpus_free=len(self._gpus_free()),
            gpus_total=len(self._gpu_ids),
        )

    def fits(self, *, cpus: float | None, gpus: int | None) -> bool:
        enough_cpus = not cpus or cpus <= self._cpus_free() + _ROUNDING
        return enough_cpus and (gpus or 0) <= len(self._gpus_free())

    def take(self, attempt: AttemptRef, *, cpus: float | None, gpus: int | None) -> Share:
        """Raises Unavailable when it does not fit."""
        if not self.fits(cpus=cpus, gpus=gpus):
            free = self.slots()
            raise Unavailable(
                f"{attempt} asks for cpus={cpus}, gpus={gpus}; free are "
                f"{free.cpus_free:g} of {free.cpus_total:g} CPUs and "
                f"{free.gpus_free} of {free.gpus_total} GPUs"
            )
        share = Share(cpus=cpus or 0.0, gpu_ids=None if gpus is None else self._gpus_free()[:gpus])
        self._shares[attempt] = share
        return share

    def restore(self, attempt: AttemptRef, share: Share) -> None:
        """Account for what an earlier owner gave away, whatever there is now."""
        self._shares[attempt] = share

    def release(self, attempt: AttemptRef) -> None:
        self._shares.pop(attempt, None)

    def _cpus_free(self) -> float:
        return self._cpus - sum(share.cpus for share in self._shares.values())

    def _gpus_free(self) -> tuple[str, ...]:
        held = {gpu for share in self._shares.values() for gpu in share.gpu_ids or ()}
        return tuple(gpu for gpu in self._gpu_ids if gpu not in held)
