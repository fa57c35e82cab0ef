import pytest

from dowse.domain.constraints import parse
from dowse.domain.kinds import check
from dowse.domain.parameters import Categorical, Discrete, Double, Integer, Parameter

PARAMETERS: list[Parameter] = [
    Double("lr", 1e-5, 0.1, scale="log"),
    Double("q", 0, 1, step=0.1),
    Integer("hidden", 1, 512),
    Discrete("batch", [16, 32]),
    Categorical("opt", ["sgd", "adam"]),
    Categorical("nesterov", [True, False]),
    Categorical("mixed", ["none", 1, 2]),
]


@pytest.mark.parametrize(
    "text",
    [
        "hidden % batch == 0",
        "nesterov and hidden > 3",
        "if opt == 'sgd': lr > 0.01",
        "if not nesterov: opt in ['sgd', 'adam']",
        "nesterov == (hidden > 3)",
        "lr // 0.01 == 2",
        "q == 0.1",
        "mixed == 1.0 or mixed == 'none'",
        "0.01 < lr < 0.1",
        "batch == 17",
    ],
)
def test_a_sound_rule_has_no_problems(text: str) -> None:
    assert check(parse(text), PARAMETERS) == ()


CONTINUUM = (
    "asks whether a value made of lr is equal to something, and lr can be any number of its "
    "range; give lr a step, or ask for an interval, such as 0.1 <= lr <= 0.2"
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "hiden > 2",
            "names 'hiden', which is not a parameter; "
            "there are lr, q, hidden, batch, opt, nesterov, mixed",
        ),
        (
            "opt < 3",
            "orders opt by <, but it is categorical (one of 'sgd', 'adam'); "
            "only numbers have an order",
        ),
        ("hidden < 'a'", "orders 'a' by <, but it is a text; only numbers have an order"),
        ("opt == 'SGD'", "compares opt with 'SGD', which it never is; it is one of 'sgd', 'adam'"),
        ("opt in ['x']", "compares opt with 'x', which it never is; it is one of 'sgd', 'adam'"),
        (
            "opt == sgd",
            "names 'sgd', which is not a parameter but a choice of opt; put it in quotes: \"sgd\"",
        ),
        ("-opt > 1", "needs a number, but opt is categorical (one of 'sgd', 'adam')"),
        (
            "max(nesterov, 1) > 1",
            "needs a number, but nesterov is categorical (one of True, False)",
        ),
        (
            "nesterov == 1",
            "compares nesterov with 1, which it never is; it is one of True, False",
        ),
        ("mixed == 3", "compares mixed with 3, which it never is; it is one of 'none', 1, 2"),
        (
            "mixed < 3",
            "orders mixed by <, but it is categorical (one of 'none', 1, 2); "
            "only numbers have an order",
        ),
        ("opt == hidden", "compares opt (a text) with hidden (a number)"),
        ("hidden == 'a'", "compares hidden (a number) with 'a'"),
        (
            "hidden and nesterov",
            "uses hidden as true or false, but it is a number; compare it with something",
        ),
        ("lr == 0.1", CONTINUUM),
        ("lr in [0.1, 0.2]", CONTINUUM),
        ("2 * lr + hidden != 0.1", CONTINUUM),
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused(text: str, message: str) -> None:
    (problem,) = check(parse(text), PARAMETERS)
    assert problem.message == f"{text!r} {message}"


def test_every_mistake_of_a_rule_is_reported_once() -> None:
    found = check(parse("a < 1 and opt < 2 and a < 3"), PARAMETERS)
    assert [problem.message.split(" and a < 3' ")[1].split()[0] for problem in found] == [
        "names",
        "orders",
    ]
