import pytest

from dowse import Categorical, Double, Integer, SearchSpace
from dowse.domain.history import Ending, History, Observation
from dowse.domain.metrics import Goal
from dowse.errors import InvalidInput
from dowse.optim.auto import MOST_WAITING, AutoSuggester
from dowse.optim.awkward import wide_space
from dowse.optim.bayes import BayesianSuggester
from dowse.optim.designs import RandomSuggester
from dowse.optim.protocol import SuggestRequest

PLANE = SearchSpace([Double("x", 0.0, 1.0), Double("y", 0.0, 1.0)])


def request(
    space: SearchSpace, *, told: int = 0, pending: int = 0, count: int = 1
) -> SuggestRequest:
    drawn = RandomSuggester().suggest(
        SuggestRequest(
            space=space, goal=Goal.MINIMIZE, history=History(), seed=9, count=told + pending
        )
    )
    configurations = [each.parameters for each in drawn.suggestions]
    observations = tuple(
        Observation(number=i + 1, parameters=each, ending=Ending.MEASURED, value=float(i % 7))
        for i, each in enumerate(configurations[:told])
    )
    history = History(
        observations=observations,
        pending=tuple(configurations[told:]),
        index=len(configurations),
    )
    return SuggestRequest(space=space, goal=Goal.MINIMIZE, history=history, seed=0, count=count)


def test_the_model_is_asked_and_the_choice_is_named_with_its_reason() -> None:
    asked = request(PLANE, told=12, count=3)
    found, model = AutoSuggester().suggest(asked), BayesianSuggester().suggest(asked)
    assert [s.parameters for s in found.suggestions] == [s.parameters for s in model.suggestions]
    assert found.note == model.note
    for one, other in zip(found.suggestions, model.suggestions, strict=True):
        assert one.why == {**other.why, "because": "a model learns from every result"}


@pytest.mark.parametrize(
    ("space", "words"),
    [
        (
            SearchSpace([Integer("a", 1, 4), Categorical("b", ["x", "y"])]),
            "a model can look at each of the 8 combinations",
        ),
        (wide_space(), "only a model finds which of 200 parameters matter"),
    ],
    ids=["small", "wide"],
)
def test_the_reason_is_that_of_the_space(space: SearchSpace, words: str) -> None:
    (one,) = AutoSuggester().suggest(request(space)).suggestions
    assert one.why["because"] == words


def test_beyond_some_thousands_that_wait_an_even_design_takes_over() -> None:
    found = AutoSuggester().suggest(request(PLANE, told=5, pending=MOST_WAITING - 2, count=5))
    assert [s.why["algorithm"] for s in found.suggestions] == ["bayesian"] * 2 + ["sobol"] * 3
    because = "more than 5,000 configurations wait for their results"
    assert found.suggestions[-1].why["because"] == because
    assert len({PLANE.key(s.parameters) for s in found.suggestions}) == 5


def test_the_model_keeps_its_note_while_it_is_not_asked() -> None:
    asked = request(PLANE, told=12)
    note = AutoSuggester().suggest(asked).note
    assert note is not None
    late = request(PLANE, told=12, pending=MOST_WAITING)
    later = SuggestRequest(space=PLANE, goal=Goal.MINIMIZE, history=late.history, seed=0, note=note)
    assert AutoSuggester().suggest(later).note == note


def test_settings_are_those_of_the_model_and_checked_at_once() -> None:
    with pytest.raises(InvalidInput, match=r"^algorithm.noise: must be one of auto, low, high"):
        AutoSuggester(noise="loud")
    with pytest.raises(InvalidInput, match=r"^algorithm.initial: must be a whole number"):
        AutoSuggester(initial=0)
