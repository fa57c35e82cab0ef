"""Bayesian optimisation: a Gaussian process says what is worth trying next.

A few points spread over the space come first; then each suggestion maximises an acquisition
function of the model, of those that `belief` has by turns. Pending configurations count as
observed at their predicted value. `docs/engine.md` explains the parts and what each is worth.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any

import numpy as np

from dowse.domain.groups import combinations
from dowse.domain.parameters import Categorical
from dowse.domain.space import Assignment, Key
from dowse.errors import InvalidInput, Problem
from dowse.numerics.arrays import BoolArray, FloatArray
from dowse.numerics.guard import ENOUGH
from dowse.numerics.maximize import (
    Effort,
    Feasible,
    Objective,
    local_candidates,
    maximise,
)
from dowse.numerics.model import Settings
from dowse.numerics.rivals import Rival
from dowse.numerics.sobol import Sobol
from dowse.optim.belief import Belief
from dowse.optim.protocol import SuggestDecision, Suggestion, SuggestRequest
from dowse.surrogate.encoding import Encoding, encoding_for
from dowse.surrogate.points import filled, placed, spread
from dowse.surrogate.sampling import Sampler, first_unseen, generator, sampler_for
from dowse.surrogate.sources import lesson

_BAYES = 3
_ANCHORS = 6
ENUMERATED = 512
"""A space of at most so many combinations is searched whole."""
# Later members of one batch come from a common pool instead of a search of their own.
_SEARCHED = 10
_POOL = 2_048
# The second half of a pool is no better than points that nobody chose.
_FROM_POOL = _POOL // 2
# Fantasies cost the cube of their number, and those of very many say nothing.
_BELIEVED = 1_000
_NOISE = {
    "auto": Settings(),
    "low": Settings(noise=1e-8, noise_sd=0.5),
    "high": Settings(noise=1e-2, noise_sd=1.5),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BayesianSuggester:
    """`initial` points are spread out before the model is asked; `noise` says what is known about
    how much the metric of one configuration varies: auto, low or high.
    """

    initial: int = 4
    noise: str = "auto"

    def __post_init__(self) -> None:
        whole = isinstance(self.initial, int) and not isinstance(self.initial, bool)
        if not whole or self.initial < 1:
            message = f"must be a whole number of 1 or more, got {self.initial!r}"
            raise InvalidInput([Problem(path="algorithm.initial", message=message)])
        if self.noise not in _NOISE:
            message = f"must be one of {', '.join(_NOISE)}, got {self.noise!r}"
            raise InvalidInput([Problem(path="algorithm.noise", message=message)])

    def suggest(self, request: SuggestRequest) -> SuggestDecision:
        turn = _Turn.of(request, _NOISE[self.noise])
        known = len(request.history.observations) + len(request.history.pending)
        found: list[Suggestion] = []
        for offset in range(request.count):
            index = request.history.index + offset
            place = turn.place_in_design(known + offset, self.initial, index)
            if place is not None:
                suggestion = turn.spread(place, index)
            elif offset >= _SEARCHED and turn.single:
                suggestion = turn.pooled(index, request.count - offset)
            else:
                suggestion = turn.model_based(index)
            if suggestion is None:
                break
            turn.take(suggestion)
            found.append(suggestion)
        return SuggestDecision(
            suggestions=tuple(found), note=turn.note, exhausted=len(found) < request.count
        )


@dataclass(slots=True, kw_only=True)
class _Turn:
    """One call: what is known at its beginning, and what it has suggested so far."""

    request: SuggestRequest
    settings: Settings
    encoding: Encoding
    sampler: Sampler
    taken: set[Key]
    believed: list[Assignment]
    single: bool
    guided: bool
    modelled: bool
    belief: Belief | None = None
    fresh: list[Assignment] = field(default_factory=list)
    pool: list[Suggestion] = field(default_factory=list)

    @classmethod
    def of(cls, request: SuggestRequest, settings: Settings) -> _Turn:
        encoding = encoding_for(request.space)
        observations = request.history.observations
        single = not request.further and not request.limits
        guided = single and any(
            lesson(encoding, source).mean is not None for source in request.sources
        )
        # One value has no spread; but earlier studies can be asked before there is any.
        measured = (each for each in observations if each.value is not None)
        enough = len(list(islice(measured, 2))) == 2
        return cls(
            request=request,
            settings=settings,
            encoding=encoding,
            sampler=sampler_for(request.space),
            taken=set() if request.repeats else sampler_for(request.space).taken(request.history),
            believed=list(request.history.pending[-_BELIEVED:]),
            single=single,
            guided=guided,
            # A space of one point has nothing to choose.
            modelled=(enough or (guided and len(observations) < ENOUGH))
            and encoding.coordinates.d > 0,
        )

    @property
    def note(self) -> Mapping[str, Any] | None:
        """The new fit, or the old note where the model was not asked."""
        return self.request.note if self.belief is None else self.belief.note

    def take(self, suggestion: Suggestion) -> None:
        """Remember a suggestion of this call as pending."""
        self.fresh.append(suggestion.parameters)
        if not self.request.repeats:
            self.taken.add(self.request.space.key(suggestion.parameters))

    def place_in_design(self, known: int, initial: int, index: int) -> int | None:
        """Which point of the design comes after `known` others; None where the model is asked.

        Earlier studies are asked first. The design's first point is the second then: whoever is
        wrong shows it, and where none is believed the design is gone through after all.
        """
        if not self.modelled:
            return known
        if not self.guided:
            return known if known < initial else None
        if known == 1:
            return 0
        if known == 0 or known >= initial:
            return None
        belief = self._believing(generator(self.request.seed, _BAYES, index))
        return None if belief.guided else known - 1

    def spread(self, k: int, index: int) -> Suggestion | None:
        """The k-th point of a space-filling design whose first is the centre of the space."""
        space = self.request.space
        sequence = Sobol(len(space.parameters), [abs(self.request.seed), _BAYES])

        def points() -> Iterator[Assignment]:
            first = self._central(sequence.point(0)) if k == 0 else sequence.point(k)
            for units in (first, *(sequence.point(k + 64 * i) for i in range(1, 20))):
                assignment = self.sampler.at(units.tolist())
                if assignment is not None:
                    yield assignment

        assignment = first_unseen(points(), space.key, self.taken)
        if assignment is None:
            assignment = self._any(index)
        if assignment is None:
            return None
        return Suggestion(
            parameters=assignment, why={"algorithm": "bayesian", "acquisition": "initial design"}
        )

    def model_based(self, index: int) -> Suggestion | None:
        """The unseen configuration with the greatest acquisition value."""
        rng = generator(self.request.seed, _BAYES, index)
        belief = self._believing(rng)
        candidates = self._candidates(belief, rng, Effort().candidates)
        rival = belief.rival(index)
        if rival is not None:
            inside = self._inside(rival, candidates)
            rival, candidates = (rival, inside) if len(inside) else (None, candidates)
        name, acquisition = belief.acquisition(index, rival)
        found = self._best(acquisition, candidates, rng, self._feasible(rival))
        if belief.untried:
            # A batch may ask for more points than are remembered; a guess is better than chance.
            found = chain(self._ranked(acquisition, self._remembered(belief, candidates)), found)
        for x, value in found:
            assignment = self.encoding.decode(x)
            if self.request.space.key(assignment) not in self.taken:
                why = belief.why(name, value, x)
                if rival is not None:
                    label = self.encoding.axes[rival.coordinate].parameter.name
                    why["only"] = {label: assignment[label]}
                return Suggestion(parameters=assignment, why=why)
        left = self._any(index)
        if left is None:
            return None
        return Suggestion(parameters=left, why={"algorithm": "bayesian", "acquisition": "random"})

    def pooled(self, index: int, count: int) -> Suggestion | None:
        """The next of `count` points chosen together from a pool of candidates."""
        if not self.pool:
            self._fill_pool(index, count)
        while self.pool:
            suggestion = self.pool.pop()
            if self.request.space.key(suggestion.parameters) not in self.taken:
                return suggestion
        return self.model_based(index)

    def _fill_pool(self, index: int, count: int) -> None:
        rng = generator(self.request.seed, _BAYES, index)
        belief = self._believing(rng)
        candidates = self._candidates(belief, rng, _POOL)
        F = self.encoding.coordinates.features(candidates)
        for row in belief.choose(F, min(count, _FROM_POOL))[::-1]:
            why = belief.why("confidence bound in a pool", None, candidates[row])
            parameters = self.encoding.decode(candidates[row])
            self.pool.append(Suggestion(parameters=parameters, why=why))

    def _central(self, units: FloatArray) -> FloatArray:
        """The middle of every numeric parameter; labels have no middle."""
        labels = [isinstance(p, Categorical) for p in self.request.space.parameters]
        return np.where(labels, units, 0.5)

    def _any(self, index: int) -> Assignment | None:
        """Any configuration that is left."""
        rng = generator(self.request.seed, _BAYES, index, 1)
        found = first_unseen(self.sampler.random(rng), self.request.space.key, self.taken)
        return found if found is not None else self.sampler.last_resort(rng, self.taken)

    def _believing(self, rng: np.random.Generator) -> Belief:
        """The model, fitted once a call, given everything that is pending."""
        if self.belief is None:
            self.belief = Belief.of(self.request, self.encoding, self.settings, rng)
        self.belief.believe([*self.believed, *self.fresh][-_BELIEVED:])
        self.believed, self.fresh = [], []
        return self.belief

    @property
    def _enumerated(self) -> bool:
        """Whether the space is small enough to be searched whole."""
        space = self.request.space
        count = combinations(space.parameters) if space.is_finite else None
        return count is not None and count <= ENUMERATED

    def _feasible(self, rival: Rival | None) -> Feasible | None:
        """What a suggestion has to be; None where every point of the space will do."""
        related = bool(self.request.space.relations)
        if rival is None:
            return self.encoding.feasible if related else None

        def inside(X: FloatArray) -> BoolArray:
            held = rival.holds(self.encoding.coordinates, X)
            return held & self.encoding.feasible(X) if related else held

        return inside

    def _inside(self, rival: Rival, candidates: FloatArray) -> FloatArray:
        """Those of the candidates that hold the rival's label, or hold it once it is imposed."""
        coordinates = self.encoding.coordinates
        if self._enumerated:
            return candidates[rival.holds(coordinates, candidates)]
        moved = rival.imposed(coordinates, candidates)
        return moved[self.encoding.feasible(moved)] if self.request.space.relations else moved

    def _candidates(self, belief: Belief, rng: np.random.Generator, size: int) -> FloatArray:
        """Feasible points: all that are left of a small space, else random and local ones."""
        if self._enumerated:
            left = list(self.sampler.remaining(self.taken))
            if left:
                return placed(self.encoding, left, rng)
        coordinates, half = self.encoding.coordinates, size // 2
        around = spread(self.encoding, self.sampler, half, rng)
        if not len(around):
            return around
        anchors = filled(belief.anchors(_ANCHORS, rng), around)
        near = local_candidates(coordinates, anchors, half, rng)
        if self.request.space.relations:
            near = near[self.encoding.feasible(near)]
        return np.vstack([around, near])

    def _best(
        self,
        acquisition: Objective,
        candidates: FloatArray,
        rng: np.random.Generator,
        feasible: Feasible | None,
    ) -> Iterator[tuple[FloatArray, float]]:
        """Points with their acquisition values, best first: the maximiser's, then candidates."""
        if not len(candidates):
            return
        coordinates = self.encoding.coordinates
        X, A = maximise(
            acquisition, coordinates, candidates, rng, effort=Effort(), feasible=feasible
        )
        yield from zip(X, A.tolist(), strict=True)
        yield from self._ranked(acquisition, candidates)

    def _remembered(self, belief: Belief, candidates: FloatArray) -> FloatArray:
        """The best points of earlier studies, the candidates where none is feasible.

        Between the points of one study its prediction may fall below all of them: without a result
        of one's own, what was seen is worth more than what is made up.
        """
        if not len(candidates):
            return candidates
        points = filled(belief.anchors(_ANCHORS, np.random.default_rng(0)), candidates)
        if self.request.space.relations:
            points = points[self.encoding.feasible(points)]
        return points if len(points) else candidates

    def _ranked(
        self, acquisition: Objective, candidates: FloatArray
    ) -> Iterator[tuple[FloatArray, float]]:
        """Points with their acquisition values, best first."""
        if not len(candidates):
            return
        value = acquisition(self.encoding.coordinates.features(candidates))
        for row in np.argsort(-value, kind="stable"):
            yield candidates[row], float(value[row])
