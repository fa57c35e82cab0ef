"""What the models of a history lead to: failures avoided, limits kept, a front filled."""

import numpy as np

from dowse.domain.history import Ending, History, Observation
from dowse.domain.metric_limits import MetricLimit
from dowse.domain.metrics import Goal, Objective
from dowse.domain.parameters import Categorical, Double, Integer
from dowse.domain.scales import Normal
from dowse.domain.space import SearchSpace
from dowse.numerics.model import Settings, prior_for
from dowse.optim.bayes import BayesianSuggester
from dowse.optim.belief import Belief
from dowse.optim.protocol import SuggestDecision, SuggestRequest
from dowse.surrogate.encoding import encoding_for

SPACE = SearchSpace([Double("rate", 0.0, 1.0), Integer("layers", 1, 8), Double("rest", 0.0, 1.0)])
LATENCY = MetricLimit(metric="latency", at_most=2.0)


def ask(
    observations: list[Observation],
    seed: int = 0,
    count: int = 1,
    *,
    space: SearchSpace = SPACE,
    **targets: object,
) -> SuggestDecision:
    history = History(observations=tuple(observations), index=len(observations))
    request = SuggestRequest(
        space=space,
        goal=Goal.MINIMIZE,
        history=history,
        seed=seed,
        count=count,
        **targets,  # type: ignore[arg-type]
    )
    return BayesianSuggester().suggest(request)


FAILING = SearchSpace(
    [*(Double(f"x{i}", 0.0, 1.0) for i in range(4)), Categorical("label", list("abcd"))]
)


def failures(seed: int) -> int:
    """How many of the trials 21 to 40 fail where half of the space does, and the best besides."""
    observations: list[Observation] = []
    for number in range(1, 41):
        (suggestion,) = ask(observations, seed, space=FAILING).suggestions
        *x, label = suggestion.parameters.values()
        away = (float(x[0]) - 0.6) ** 2 + sum((float(u) - 0.5) ** 2 for u in x[1:])
        failed = float(x[0]) > 0.5
        observations.append(
            Observation(
                number=number,
                parameters=suggestion.parameters,
                ending=Ending.FAILED if failed else Ending.MEASURED,
                value=None if failed else away + 0.1 * "abcd".index(str(label)),
            )
        )
    return sum(each.ending is Ending.FAILED for each in observations[20:])


def test_a_region_that_fails_is_tried_far_less_than_its_share_and_not_given_up() -> None:
    found = sum(failures(seed) for seed in range(4))
    assert 0 < found < 0.25 * 80  # Half of the space fails.


def measured(count: int) -> list[Observation]:
    """Loss falls and latency grows with the rate."""
    at = np.random.default_rng(0).random((count, 3))
    return [
        Observation(
            number=i + 1,
            parameters={"rate": float(x), "layers": 1 + int(8 * y), "rest": float(z)},
            ending=Ending.MEASURED,
            value=(1.0 - float(x)) ** 2 + 0.1 * float(y),
            metrics={"latency": 4.0 * float(x) + float(z)},
        )
        for i, (x, y, z) in enumerate(at)
    ]


def test_a_limit_draws_suggestions_to_its_kept_side() -> None:
    free = [one.parameters["rate"] for one in ask(measured(20), count=6).suggestions]
    limited = ask(measured(20), count=6, limits=(LATENCY,)).suggestions
    latencies = [4.0 * float(o.parameters["rate"]) + float(o.parameters["rest"]) for o in limited]
    assert min(float(rate) for rate in free) > 0.8
    assert sorted(latencies)[3] < 2.1
    assert limited[0].why["limits"].keys() == {"latency <= 2"}
    assert 0.0 <= limited[0].why["limits"]["latency <= 2"] <= 1.0


def test_while_nothing_keeps_a_limit_the_chance_to_keep_it_is_all_that_counts() -> None:
    never = MetricLimit(metric="latency", at_most=-0.5)
    (suggestion,) = ask(measured(20), limits=(never,)).suggestions
    assert suggestion.why["acquisition"] == "probability of keeping the limits"
    assert float(suggestion.parameters["rate"]) < 0.05
    assert float(suggestion.parameters["rest"]) < 0.2


def test_further_objectives_spread_a_batch_along_the_front() -> None:
    further = (Objective(metric="latency", goal=Goal.MINIMIZE),)
    found = ask(measured(20), count=8, further=further).suggestions
    rates = [float(one.parameters["rate"]) for one in found]
    assert max(rates) - min(rates) > 0.5
    why = found[0].why
    assert why["acquisition"] == "log expected hypervolume improvement"
    assert why["further"]["latency"].keys() == {"mean", "low", "high"}
    assert why["further"]["latency"]["low"] <= why["further"]["latency"]["high"]


def test_a_metric_to_maximise_leads_the_other_way() -> None:
    more = (Objective(metric="latency", goal=Goal.MAXIMIZE),)
    found = ask(measured(20), count=4, further=more).suggestions
    assert min(float(one.parameters["rate"]) for one in found) > 0.7


def test_the_note_of_every_model_is_taken_up() -> None:
    further = (Objective(metric="latency", goal=Goal.MINIMIZE),)
    first = ask(measured(20), further=further, limits=(LATENCY,))
    assert first.note is not None
    assert len(first.note["further"]) == len(first.note["limits"]) == 1
    again = ask(measured(20), further=further, limits=(LATENCY,), note=first.note)
    cold = ask(measured(20), further=further, limits=(LATENCY,))
    assert again.note != cold.note == first.note
    odd = {**first.note, "further": "lost", "limits": [1, 2]}
    assert ask(measured(20), further=further, limits=(LATENCY,), note=odd).suggestions


def test_a_long_history_may_have_its_only_good_trial_among_the_worst() -> None:
    many = measured(450)
    limit = MetricLimit(metric="latency", at_most=min(o.metrics["latency"] for o in many))
    (suggestion,) = ask(many, limits=(limit,)).suggestions
    assert suggestion.why["acquisition"] == "log expected improvement"
    assert suggestion.why["limits"].popitem()[1] > 0.1
    further = (Objective(metric="latency", goal=Goal.MINIMIZE),)
    assert ask(many, further=further, limits=(limit,)).suggestions


def test_a_second_opinion_is_searched_in_its_own_lengthscales() -> None:
    # What the fit finds is far longer, and steps of its length would miss what the other sees.
    space = SearchSpace([Double("x", 0.0, 1.0, prior=Normal(0.5, 0.3)), Double("y", 0.0, 1.0)])
    rng = np.random.default_rng(0)
    observations = tuple(
        Observation(
            number=i + 1,
            parameters={"x": float(x), "y": float(y)},
            ending=Ending.MEASURED,
            value=float(x) if i else -0.1,
        )
        for i, (x, y) in enumerate(rng.random((40, 2)))
    )
    request = SuggestRequest(
        space=space, goal=Goal.MINIMIZE, history=History(observations=observations), seed=0
    )
    belief = Belief.of(request, encoding_for(space), Settings(), rng)
    name, acquisition = belief.acquisition(1)
    fitted, own = belief.surrogate.model.posterior.scale, prior_for(2, Settings()).mean[0]
    assert name == "second opinion"
    assert fitted.max() > 2.0 * np.exp(own)
    assert acquisition.scale.max() <= np.exp(own) * 1.0001
