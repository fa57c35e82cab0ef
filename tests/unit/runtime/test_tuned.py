"""A trial's values as one would type them after the name of its program."""

import pytest

from dowse.domain.parameters import Categorical, Double, Parameter
from dowse.domain.spec import Argv, Literal, Passing, Program, PythonModule, Shell
from dowse.runtime.tuned import tuned_words
from tests.unit.runtime.specs import a_spec, a_trial

LR = Double("lr", 0.0, 1.0)
KIND = Categorical("kind", ["a", "b c"])


@pytest.mark.parametrize(
    ("program", "words"),
    [
        (Argv(("train",)), ("--lr=0.5", "--kind=b c")),
        (PythonModule("trainer.task", ("--epochs", "3")), ("--lr=0.5", "--kind=b c")),
        (Argv(("train", "--rate", "${lr}", "--x", "1")), ("--rate", "0.5", "--kind=b c")),
        (Argv(("train", "--rate=${lr}", "${kind}")), ("--rate=0.5", "b c")),
        (Argv(("train", "--both", "${lr}:${kind}")), ("--both", "0.5:b c")),
        (Argv(("train", "-v", "--data=${inputs.data}", "${lr}")), ("0.5", "--kind=b c")),
        (
            Argv(("train", "--at", "${inputs.data}/${lr}")),
            ("--at", "${inputs.data}/0.5", "--kind=b c"),
        ),
    ],
)
def test_values_stand_as_the_command_has_them(program: Program, words: tuple[str, ...]) -> None:
    spec = a_spec(program, parameters=(LR, KIND), inputs={"data": Literal("x", "x")})
    assert tuned_words(spec, a_trial({"lr": 0.5, "kind": "b c"})) == words


def test_a_program_that_gets_variables_only_is_shown_every_value() -> None:
    spec = a_spec(Shell("a && b"), parameters=(LR,), passing=Passing(append=False))
    assert tuned_words(spec, a_trial({"lr": 0.5})) == ("--lr=0.5",)


def test_names_are_those_of_the_program_and_constants_come_with_them() -> None:
    parameters: tuple[Parameter, ...] = (Categorical("model", ["small", "big"]), LR)
    passing = Passing(names={"lr": "learning-rate"}, constants={"epochs": Literal(10, "10")})
    spec = a_spec(parameters=parameters, passing=passing)
    assert tuned_words(spec, a_trial({"model": "big", "lr": 0.25})) == (
        "--epochs=10",
        "--model=big",
        "--learning-rate=0.25",
    )
