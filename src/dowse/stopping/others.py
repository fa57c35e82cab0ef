"""The curves that a trial is compared with, and what rules ask of thousands of them at once.

The curve of a trial that is over, or waits, does not change. So its reports lie in arrays, one
curve behind the other, and what ten thousand of them had at report k is one look into an array. The
few that grow are asked one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Generic, NamedTuple, TypeVar, overload

import numpy as np
import numpy.typing as npt

from dowse.domain.metrics import Goal
from dowse.numerics.arrays import BoolArray, FloatArray, IntArray
from dowse.stopping.protocol import Curve, Standing

_STANDINGS = tuple(Standing)
_NUMBER = attrgetter("trial")
_GONE = -1
T = TypeVar("T", bound=np.generic)


class Column(NamedTuple):
    """(n,) one value of each of n trials, in no order, whose it is, and where that trial stands as
    a place in `Standing`.
    """

    values: FloatArray
    trials: IntArray
    standings: IntArray

    def are(self, standing: Standing) -> BoolArray:
        return np.asarray(self.standings == _STANDINGS.index(standing))

    def where(self, which: BoolArray) -> Column:
        return Column(self.values[which], self.trials[which], self.standings[which])

    def but(self, other: Column) -> BoolArray:
        """(n,) whose trial is not one of another column."""
        return np.isin(self.trials, other.trials, invert=True)


NONE = Column(np.empty(0), np.empty(0, dtype=np.intp), np.empty(0, dtype=np.intp))


class Resting:
    """Curves that do not grow, in arrays; to add one costs as much as it is long."""

    def __init__(self, goal: Goal) -> None:
        self.goal = goal
        self.curves: dict[int, Curve] = {}
        self._rows: dict[int, int] = {}
        self._best_of = np.maximum if goal is Goal.MAXIMIZE else np.minimum
        self._values = _Growing(np.float64)
        self._bests = _Growing(np.float64)
        self._sums = _Growing(np.float64)
        self._furthest = _Growing(np.intp)
        self._starts = _Growing(np.intp)
        self._lengths = _Growing(np.intp)
        self._trials = _Growing(np.intp)
        self._standings = _Growing(np.intp)

    def add(self, curve: Curve) -> None:
        """A curve that has reported; whatever was known of its trial is dropped."""
        self.drop(curve.trial)
        values = np.array(curve.values)
        self.curves[curve.trial] = curve
        self._rows[curve.trial] = len(self._starts.all)
        self._starts.extend([len(self._values.all)])
        self._lengths.extend([len(values)])
        self._trials.extend([curve.trial])
        self._standings.extend([_STANDINGS.index(curve.standing)])
        self._values.extend(values)
        self._bests.extend(self._best_of.accumulate(values))
        with np.errstate(over="ignore"):
            self._sums.extend(np.add.accumulate(values))
        self._furthest.extend(curve.furthest)

    def drop(self, trial: int) -> None:
        """Its place stays, and nobody finds it: who paused goes on and comes back, a few times."""
        if self.curves.pop(trial, None) is not None:
            row = self._rows.pop(trial)
            self._lengths.all[row] = 0
            self._standings.all[row] = _GONE

    def beside(self, growing: Iterable[Curve]) -> Others:
        """These curves and those that still grow, the latter by the number of their trial."""
        return Others(self, growing)

    def at(self, k: int) -> Column:
        return self._column(self._values, self._lengths.all >= k, k)

    def best_at(self, k: int) -> Column:
        return self._column(self._bests, self._lengths.all >= k, k)

    def averages(self, k: int, *, completed: bool) -> FloatArray:
        rows = np.flatnonzero(self._are(Standing.COMPLETED) if completed else self._lengths.all)
        counts = np.minimum(self._lengths.all[rows], k)
        return np.asarray(self._sums.all[self._starts.all[rows] + counts - 1] / counts)

    def at_step(self, step: int) -> Column:
        if not self.curves:
            return NONE
        before = np.add.reduceat(self._furthest.all < step, self._starts.all, dtype=np.intp)
        return self._column(self._values, before < self._lengths.all, before + 1)

    def lasts(self) -> FloatArray:
        rows = np.flatnonzero(self._lengths.all)
        return self._last_of(rows)

    def _last_of(self, rows: IntArray) -> FloatArray:
        return np.asarray(self._values.all[self._starts.all[rows] + self._lengths.all[rows] - 1])

    def trials(self, standing: Standing) -> list[int]:
        return [int(trial) for trial in self._trials.all[self._are(standing)]]

    def completed(self) -> int:
        return int(np.count_nonzero(self._are(Standing.COMPLETED)))

    def lengths_of(self, standing: Standing) -> set[int]:
        return set(np.unique(self._lengths.all[self._are(standing)]).tolist())

    def ended_before(self, k: int) -> int:
        return int(np.count_nonzero(self._are(Standing.ENDED) & (self._lengths.all < k)))

    def whole(self, k: int) -> Whole:
        rows = np.flatnonzero(self._are(Standing.COMPLETED) & (self._lengths.all >= k))
        rows = rows[np.isfinite(self._last_of(rows))]
        # As they were begun, which is nearly how they ended.
        rows = rows[np.argsort(self._trials.all[rows], kind="stable")]
        return Whole(
            lengths=self._lengths.all[rows],
            lasts=self._last_of(rows),
            firsts=lambda last: self._firsts(rows[len(rows) - last :], k),
        )

    def _firsts(self, rows: IntArray, k: int) -> FloatArray:
        return np.asarray(self._values.all[self._starts.all[rows, None] + np.arange(k)])

    def _are(self, standing: Standing) -> BoolArray:
        return np.asarray(self._standings.all == _STANDINGS.index(standing))

    def _column(self, of: _Growing[np.float64], which: BoolArray, k: int | IntArray) -> Column:
        rows = np.flatnonzero(which)
        place = k - 1 if isinstance(k, int) else k[rows] - 1
        return Column(
            values=of.all[self._starts.all[rows] + place],
            trials=self._trials.all[rows],
            standings=self._standings.all[rows],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """Completed trials with k reports or more and a finite last one, in order: by their number
    where some lie in arrays, else as they were given. `firsts(m)` are the first k reports (m, k)
    of the latest m.
    """

    lengths: IntArray
    lasts: FloatArray
    firsts: Callable[[int], FloatArray]


class Others(Sequence[Curve]):
    """The curves of all other trials that have reported: those that rest, and those that grow.

    As a sequence they come by the number of their trials, or as they were given where none lies in
    arrays. What is asked of the k-th report concerns those that have so many.
    """

    def __init__(self, resting: Resting, growing: Iterable[Curve]) -> None:
        self.goal = resting.goal
        self._resting = resting
        self._growing = tuple(growing)

    @classmethod
    def of(cls, curves: Sequence[Curve], goal: Goal) -> Others:
        return curves if isinstance(curves, Others) else cls(Resting(goal), curves)

    def __len__(self) -> int:
        return len(self._resting.curves) + len(self._growing)

    def __iter__(self) -> Iterator[Curve]:
        return iter(self._ordered)

    @overload
    def __getitem__(self, index: int) -> Curve: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Curve]: ...
    def __getitem__(self, index: int | slice) -> Curve | Sequence[Curve]:
        return self._ordered[index]

    @cached_property
    def _ordered(self) -> Sequence[Curve]:
        if not self._resting.curves:
            return self._growing
        return sorted([*self._resting.curves.values(), *self._growing], key=_NUMBER)

    def unfinished(self) -> list[int]:
        """The trials that may report more, by number."""
        may = (Standing.RUNNING, Standing.PAUSED)
        growing = [one.trial for one in self._growing if one.standing in may]
        return sorted([*self._resting.trials(Standing.PAUSED), *growing])

    def at(self, k: int) -> Column:
        """The k-th report."""
        longer = (one for one in self._growing if len(one.values) >= k)
        found = [(one.values[k - 1], one) for one in longer]
        return _joined(self._resting.at(k), found)

    def best_at(self, k: int) -> Column:
        """The best of the first k reports."""
        longer = (one for one in self._growing if len(one.values) >= k)
        found = [(one.best(k, self.goal), one) for one in longer]
        return _joined(self._resting.best_at(k), found)

    def averages(self, k: int, *, completed: bool) -> FloatArray:
        """The means of the first k reports, or of all of a trial that has fewer: of the completed
        trials alone, or of all.
        """
        wanted = (
            one for one in self._growing if not completed or one.standing is Standing.COMPLETED
        )
        found = [one.average(k) for one in wanted if one.values]
        return np.append(self._resting.averages(k, completed=completed), found)

    def at_step(self, step: int) -> Column:
        """The first report of this step or a later one, where there is one."""
        found = [
            (one.values[place], one)
            for one in self._growing
            if (place := one.first_at(step)) is not None
        ]
        return _joined(self._resting.at_step(step), found)

    def lasts(self) -> FloatArray:
        """The last report of each."""
        return np.append(
            self._resting.lasts(), [one.values[-1] for one in self._growing if one.values]
        )

    def completed(self) -> int:
        """How many trials ran to their end."""
        growing = sum(one.standing is Standing.COMPLETED for one in self._growing)
        return self._resting.completed() + growing

    def whole_lengths(self) -> set[int]:
        """How many reports the trials made that ran to their end."""
        whole = {len(one) for one in self._growing if one.standing is Standing.COMPLETED}
        return whole | self._resting.lengths_of(Standing.COMPLETED)

    def ended_before(self, k: int) -> int:
        """How many were ended with fewer than k reports."""
        growing = sum(
            one.standing is Standing.ENDED and len(one.values) < k for one in self._growing
        )
        return self._resting.ended_before(k) + growing

    def whole(self, k: int) -> Whole:
        """Completed trials, judged by their first k reports; k is 1 or more."""
        resting = self._resting.whole(k)
        given = [one for one in self._growing if one.is_whole(k)]
        if not given:
            return resting
        curves = [one for one in self if one.is_whole(k)]
        return Whole(
            lengths=np.array([len(one.values) for one in curves]),
            lasts=np.array([one.values[-1] for one in curves]),
            firsts=lambda last: np.array([one.values[:k] for one in curves[len(curves) - last :]]),
        )


class _Growing(Generic[T]):
    """An array to whose end is added; `all` is what it holds so far."""

    def __init__(self, kind: type[T]) -> None:
        self._room: npt.NDArray[T] = np.empty(0, dtype=kind)
        self.all = self._room

    def extend(self, values: npt.ArrayLike) -> None:
        added = np.asarray(values, dtype=self._room.dtype)
        used = len(self.all) + len(added)
        if used > len(self._room):
            grown = np.empty(2 * used, dtype=self._room.dtype)
            grown[: len(self.all)] = self.all
            self._room = grown
        self._room[used - len(added) : used] = added
        self.all = self._room[:used]


def _joined(column: Column, found: Sequence[tuple[float, Curve]]) -> Column:
    if not found:
        return column
    return Column(
        values=np.append(column.values, [value for value, _ in found]),
        trials=np.append(column.trials, [one.trial for _, one in found]),
        standings=np.append(column.standings, [_STANDINGS.index(one.standing) for _, one in found]),
    )
