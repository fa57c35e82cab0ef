"""What every suggester promises, as tests: subclass it and name a factory.

    class TestMine(SuggesterContract):
        def suggester(self) -> Suggester:
            return MySuggester()

Each test runs a suggester through whole studies on awkward spaces and results. Nothing here needs
pytest; any runner that collects `Test…` classes will do.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace

from dowse.domain.history import Ending, History, Observation
from dowse.domain.metric_limits import MetricLimit
from dowse.domain.metrics import Goal, Objective
from dowse.domain.parameters import Categorical, Double, Integer, Value
from dowse.domain.source import Source
from dowse.domain.space import Assignment, SearchSpace
from dowse.optim.awkward import (
    ODD_RESULTS,
    bowl,
    forest_space,
    many_labels_space,
    mixed_space,
    point_space,
    rare_space,
    small_space,
    wide_space,
)
from dowse.optim.protocol import SuggestDecision, Suggester, SuggestRequest


class SuggesterContract:
    """The tests. Override `suggester`; `trials` is how long the studies are."""

    trials = 14

    def suggester(self) -> Suggester:
        """A suggester as the catalog would make it."""
        raise NotImplementedError

    # -- the space ---------------------------------------------------------------------------

    def test_every_suggestion_lies_in_the_space(self) -> None:
        for space in (mixed_space(), rare_space(), many_labels_space()):
            for parameters in self._study(space, bowl):
                assert space.problems(parameters) == ()

    def test_no_configuration_is_suggested_twice(self) -> None:
        for space in (mixed_space(), rare_space()):
            keys = [space.key(parameters) for parameters in self._study(space, bowl)]
            assert len(set(keys)) == len(keys)

    def test_a_pending_configuration_is_not_suggested_again(self) -> None:
        space = small_space()
        pending = tuple(p for p in self._study(space, bowl)[:5])
        history = History(pending=pending, index=5)
        found = self._ask(space, history, count=20)
        pending_keys = {space.key(parameters) for parameters in pending}
        assert not pending_keys & {space.key(s.parameters) for s in found.suggestions}

    def test_a_small_space_is_exhausted_exactly(self) -> None:
        for space, size in ((small_space(), 10), (forest_space(), 7)):
            found = self._ask(space, History(), count=100)
            assert len({space.key(s.parameters) for s in found.suggestions}) == size
            assert found.exhausted
            observations = tuple(
                _observation(i + 1, s.parameters, bowl(s.parameters))
                for i, s in enumerate(found.suggestions)
            )
            again = self._ask(space, History(observations=observations, index=size), note=found)
            assert again.suggestions == ()
            assert again.exhausted

    def test_a_small_space_is_walked_one_by_one_without_a_repeat(self) -> None:
        for space, size in ((small_space(), 10), (forest_space(), 7)):
            found = self._study(space, bowl, trials=size + 1)
            assert len({space.key(parameters) for parameters in found}) == len(found) == size

    def test_a_space_of_one_point_gives_that_point_and_then_nothing(self) -> None:
        space = point_space()
        found = self._ask(space, History(), count=2)
        assert [dict(s.parameters) for s in found.suggestions] == [{"only": "x", "one": 3}]
        assert found.exhausted

    def test_repeats_are_given_where_they_are_asked_for(self) -> None:
        space = point_space()
        observation = _observation(1, {"only": "x", "one": 3}, 1.0)
        history = History(observations=(observation,) * 3, index=3)
        found = self.suggester().suggest(
            SuggestRequest(space=space, goal=Goal.MINIMIZE, history=history, seed=0, repeats=True)
        )
        assert len(found.suggestions) <= 1
        assert found.exhausted is (not found.suggestions)

    def test_two_hundred_dimensions_are_no_obstacle(self) -> None:
        space = wide_space()
        for parameters in self._study(space, bowl, trials=6):
            assert space.problems(parameters) == ()

    # -- results -----------------------------------------------------------------------------

    def test_odd_results_break_nothing(self) -> None:
        space = mixed_space()
        for goal in Goal:
            observations: list[Observation] = []
            note: SuggestDecision | None = None
            for index in range(self.trials):
                history = History(observations=tuple(observations), index=index)
                found = self._ask(space, history, note=note, goal=goal)
                note = found
                (suggestion,) = found.suggestions
                assert space.problems(suggestion.parameters) == ()
                value = ODD_RESULTS[index % len(ODD_RESULTS)]
                observations.append(_observation(index + 1, suggestion.parameters, value))

    def test_constant_results_break_nothing(self) -> None:
        keys = {mixed_space().key(p) for p in self._study(mixed_space(), lambda _: 7.0)}
        assert len(keys) == self.trials

    def test_only_failures_break_nothing(self) -> None:
        keys = {mixed_space().key(p) for p in self._study(mixed_space(), lambda _: None)}
        assert len(keys) == self.trials

    def test_contradictory_results_of_one_configuration_break_nothing(self) -> None:
        space = mixed_space()
        (first,) = self._ask(space, History()).suggestions
        observations = tuple(_observation(i + 1, first.parameters, float(i % 2)) for i in range(8))
        found = self._ask(space, History(observations=observations, index=8))
        (suggestion,) = found.suggestions
        assert space.problems(suggestion.parameters) == ()

    def test_history_from_another_space_breaks_nothing(self) -> None:
        space = mixed_space()
        foreign: Sequence[dict[str, Value]] = (
            {"lr": 1e3, "hidden": 100_000, "optimizer": "lion"},
            {"lr": -1.0, "decay": 5.0, "batch": 7, "momentum": 0.5},
            {"heads": "many", "unknown": 3},
            {},
        )
        observations = tuple(
            _observation(i + 1, foreign[i % len(foreign)], float(i)) for i in range(8)
        )
        for parameters in self._study(space, bowl, before=observations):
            assert space.problems(parameters) == ()

    # -- earlier studies ---------------------------------------------------------------------

    def test_earlier_studies_leave_every_promise_standing(self) -> None:
        space = mixed_space()
        for sources in (_sources()[:1], _sources()):
            found = self._study(space, bowl, sources=sources)
            assert found == self._study(space, bowl, sources=sources)
            assert all(space.problems(parameters) == () for parameters in found)
            assert len({space.key(parameters) for parameters in found}) == self.trials

    def test_a_batch_from_earlier_studies_alone_is_whole(self) -> None:
        space = mixed_space()
        found = self._ask(space, History(), count=15, sources=_sources())
        assert len({space.key(s.parameters) for s in found.suggestions}) == 15
        assert all(space.problems(s.parameters) == () for s in found.suggestions)
        for suggestion in found.suggestions:
            assert json.loads(json.dumps(suggestion.why, allow_nan=False)) == suggestion.why

    def test_a_small_space_is_exhausted_exactly_with_earlier_studies_too(self) -> None:
        for space, size in ((small_space(), 10), (forest_space(), 7), (point_space(), 1)):
            sources = (_source("like this one", space, bowl), *_sources())
            found = self._study(space, bowl, trials=size + 1, sources=sources)
            assert len({space.key(parameters) for parameters in found}) == len(found) == size

    def test_odd_results_beside_earlier_studies_break_nothing(self) -> None:
        space = mixed_space()
        results = dict(enumerate(ODD_RESULTS))
        tried: list[Assignment] = []

        def objective(parameters: Assignment) -> float | None:
            tried.append(parameters)
            return results[(len(tried) - 1) % len(results)]

        for parameters in self._study(space, objective, sources=_sources()):
            assert space.problems(parameters) == ()

    # -- several objectives and limits -------------------------------------------------------

    def test_further_objectives_and_limits_leave_every_promise_standing(self) -> None:
        for further, limits in ((_FURTHER, ()), ((), _LIMITS), (_FURTHER, _LIMITS[:1])):
            found = self._with_targets(further, limits)
            assert found == self._with_targets(further, limits)
            assert all(mixed_space().problems(parameters) == () for parameters in found)
            assert len({mixed_space().key(parameters) for parameters in found}) == len(found)

    def _with_targets(
        self, further: tuple[Objective, ...], limits: tuple[MetricLimit, ...]
    ) -> list[Assignment]:
        """Suggestions, the last of them a batch, after results of which many are odd."""
        space, note = mixed_space(), None
        observations: list[Observation] = []
        found: list[Assignment] = []
        for count in (*[1] * 8, 3):
            decision = self.suggester().suggest(
                SuggestRequest(
                    space=space,
                    goal=Goal.MINIMIZE,
                    history=History(observations=tuple(observations), index=len(observations)),
                    seed=0,
                    count=count,
                    note=note,
                    further=further,
                    limits=limits,
                )
            )
            note = decision.note
            for suggestion in decision.suggestions:
                number = len(observations) + 1
                found.append(suggestion.parameters)
                assert json.loads(json.dumps(suggestion.why, allow_nan=False)) == suggestion.why
                observations.append(_odd_observation(number, suggestion.parameters))
            assert json.loads(json.dumps(note, allow_nan=False)) == note
        return found

    # -- determinism -------------------------------------------------------------------------

    def test_the_same_request_gives_the_same_decision(self) -> None:
        space = mixed_space()
        one, other = self._study(space, bowl), self._study(space, bowl)
        assert one == other

    def test_another_seed_or_goal_leaves_every_promise_standing(self) -> None:
        space = mixed_space()
        for seed in (1, 2**40, -3):
            for parameters in self._study(space, bowl, seed=seed, goal=Goal.MAXIMIZE, trials=6):
                assert space.problems(parameters) == ()

    def test_a_missing_or_foreign_note_breaks_nothing(self) -> None:
        space = mixed_space()
        observations = tuple(
            _observation(i + 1, p, bowl(p)) for i, p in enumerate(self._study(space, bowl))
        )
        history = History(observations=observations, index=len(observations))
        for note in (None, {}, {"thetas": 3}, {"position": "x"}, {"softness": None}):
            request = SuggestRequest(
                space=space, goal=Goal.MINIMIZE, history=history, seed=0, note=note
            )
            (suggestion,) = self.suggester().suggest(request).suggestions
            assert space.problems(suggestion.parameters) == ()

    def test_why_and_note_are_json(self) -> None:
        space = mixed_space()
        observations: list[Observation] = []
        decision: SuggestDecision | None = None
        for index in range(8):
            history = History(observations=tuple(observations), index=index)
            decision = self._ask(space, history, note=decision)
            assert json.loads(json.dumps(decision.note, allow_nan=False)) == decision.note
            (suggestion,) = decision.suggestions
            why = json.loads(json.dumps(suggestion.why, allow_nan=False))
            assert why == suggestion.why
            assert isinstance(why["algorithm"], str)
            observations.append(
                _observation(index + 1, suggestion.parameters, bowl(suggestion.parameters))
            )

    def test_a_batch_holds_as_many_different_configurations_as_were_asked_for(self) -> None:
        for space in (mixed_space(), rare_space()):
            observations = tuple(
                _observation(i + 1, p, bowl(p)) for i, p in enumerate(self._study(space, bowl))
            )
            history = History(observations=observations, index=len(observations))
            for count in (7, 25):
                found = self._ask(space, history, count=count)
                assert len({space.key(s.parameters) for s in found.suggestions}) == count
                assert all(space.problems(s.parameters) == () for s in found.suggestions)
                assert not found.exhausted

    # -- helpers -----------------------------------------------------------------------------

    def _ask(
        self,
        space: SearchSpace,
        history: History,
        *,
        count: int = 1,
        note: SuggestDecision | None = None,
        goal: Goal = Goal.MINIMIZE,
        seed: int = 0,
        sources: tuple[Source, ...] = (),
    ) -> SuggestDecision:
        # Each request goes to a fresh suggester: nothing may be remembered but the note.
        return self.suggester().suggest(
            SuggestRequest(
                space=space,
                goal=goal,
                history=history,
                count=count,
                seed=seed,
                note=note.note if note else None,
                sources=sources,
            )
        )

    def _study(
        self,
        space: SearchSpace,
        objective: Callable[[Assignment], float | None],
        *,
        trials: int | None = None,
        seed: int = 0,
        goal: Goal = Goal.MINIMIZE,
        before: tuple[Observation, ...] = (),
        sources: tuple[Source, ...] = (),
    ) -> list[Assignment]:
        """A sequential study; ends early where the space is exhausted."""
        observations = list(before)
        decision: SuggestDecision | None = None
        found: list[Assignment] = []
        for _ in range(trials or self.trials):
            history = History(observations=tuple(observations), index=len(observations))
            decision = self._ask(
                space, history, note=decision, goal=goal, seed=seed, sources=sources
            )
            if not decision.suggestions:
                assert decision.exhausted
                break
            parameters = decision.suggestions[0].parameters
            found.append(parameters)
            number = len(observations) + 1
            observations.append(_observation(number, parameters, objective(parameters)))
        return found


def _sources() -> tuple[Source, ...]:
    """One like the mixed space, and others that teach less, nothing or wrong things."""
    narrow = SearchSpace(
        [
            Double("lr", 1e-3, 1e-1, scale="log"),
            Integer("hidden", 100, 2_000),
            Categorical("optimizer", ["adam", "lion"]),
            Double("added", 0.0, 1.0),
        ]
    )
    unlike = SearchSpace([Double("elsewhere", 0.0, 1.0)])
    return (
        _source("like this one", mixed_space(), bowl),
        _source("other ranges", narrow, bowl),
        _source("against it", mixed_space(), bowl, Goal.MAXIMIZE),
        _source("unlike", unlike, bowl),
        _source("failures", mixed_space(), lambda _: None),
        _source("constant", mixed_space(), lambda _: 1.0),
        _source("empty", mixed_space(), bowl, count=0),
    )


def _source(
    name: str,
    space: SearchSpace,
    objective: Callable[[Assignment], float | None],
    goal: Goal = Goal.MINIMIZE,
    count: int = 12,
) -> Source:
    """A study of evenly spread points, feasible or not."""
    points = [space.at([(i + 0.5) / count] * len(space.parameters)) for i in range(count)]
    found = [_observation(i + 1, p, objective(p)) for i, p in enumerate(points)]
    return Source(name=name, space=space, goal=goal, observations=tuple(found))


_FURTHER = (
    Objective(metric="latency", goal=Goal.MINIMIZE),
    Objective(metric="accuracy", goal=Goal.MAXIMIZE),
)
_LIMITS = (
    MetricLimit(metric="latency", at_most=0.5),
    MetricLimit(metric="accuracy", at_least=1e6),
    MetricLimit(metric="never told", at_most=0.0),
)


def _odd_observation(number: int, parameters: Assignment) -> Observation:
    """Every third one fails, and metrics are odd or missing by turns."""
    if number % 3 == 0:
        return _observation(number, parameters, None)
    odd = ODD_RESULTS[number % len(ODD_RESULTS)]
    metrics = {"latency": bowl(parameters)} | ({} if odd is None else {"accuracy": odd})
    plain = _observation(number, parameters, float(number % 4))
    return replace(plain, metrics=metrics)


def _observation(number: int, parameters: Assignment, value: float | None) -> Observation:
    ending = Ending.FAILED if value is None else Ending.MEASURED
    return Observation(number=number, parameters=parameters, ending=ending, value=value)
