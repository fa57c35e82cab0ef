import pytest
from hypothesis import given
from hypothesis import strategies as st

from dowse.domain.conditions import Comparison, Condition
from dowse.domain.constraints import parse, parse_condition
from dowse.domain.expressions import (
    All,
    Any,
    Arithmetic,
    Call,
    Compare,
    Expression,
    Function,
    Literal,
    Membership,
    Name,
    Negative,
    Not,
    Operator,
    depth,
)
from dowse.domain.grammar import parse_expression
from dowse.errors import InvalidInput

a, b, c = Name("a"), Name("b"), Name("c")
one, two, three = Literal(1), Literal(2), Literal(3)


def less(left: Expression, right: Expression) -> Compare:
    return Compare(Comparison.LESS, left, right)


def of(operator: str, left: Expression, right: Expression) -> Arithmetic:
    return Arithmetic(Operator(operator), left, right)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a + b * c < 1", less(of("+", a, of("*", b, c)), one)),
        ("a - b - c < 1", less(of("-", of("-", a, b), c), one)),
        ("a ** b ** c < 1", less(of("**", a, of("**", b, c)), one)),
        ("-a ** 2 < 1", less(Negative(of("**", a, two)), one)),
        ("a // 2 % 3 < -1", less(of("%", of("//", a, two), three), Literal(-1))),
        ("(a + b) / c < 1e-3", less(of("/", of("+", a, b), c), Literal(1e-3))),
        ("a < b < c", All((less(a, b), less(b, c)))),
        ("a < 1 or b < 1 and c < 1", Any((less(a, one), All((less(b, one), less(c, one)))))),
        ("not a < 1", Not(less(a, one))),
        ("if a == 'sgd': b > 0", Any((
            Not(Compare(Comparison.EQUAL, a, Literal("sgd"))),
            Compare(Comparison.GREATER, b, Literal(0)),
        ))),
        ("a in [1, -2, 'x', True]", Membership(a, (1, -2, "x", True), False)),
        ("a not in (1, 2)", Membership(a, (1, 2), True)),
        ("max(a, 1) < abs(-b)", less(
            Call(Function.MAX, (a, one)), Call(Function.ABS, (Negative(b),)),
        )),
        ("`batch-size` % 2 == 0", Compare(
            Comparison.EQUAL, of("%", Name("batch-size"), two), Literal(0),
        )),
        ("lambda < 1", less(Name("lambda"), one)),
        ("model.lr < 1", less(Name("model.lr"), one)),
        ("min < 1", less(Name("min"), one)),
        ("学习率 < .5", less(Name("学习率"), Literal(0.5))),
        (r"a == 'it\'s'", Compare(Comparison.EQUAL, a, Literal("it's"))),
    ],
)  # fmt: skip
def test_a_rule_reads_as_in_python(text: str, tree: Expression) -> None:
    assert parse(text).tree == tree


REFUSALS = [
    ("hidden = 3", "'=' does not belong here, at column 8 of 'hidden = 3': write '==' to compare"),
    (
        "hidden % heads",
        "a number where something true or false is needed, at column 1 of 'hidden % heads': "
        "compare it with something, for example '== 0'",
    ),
    (
        "sqrt(a) < 3",
        "'sqrt' is not a function, at column 1 of 'sqrt(a) < 3': there are min, max, abs",
    ),
    ("a && b", "'&&' does not belong here, at column 3 of 'a && b': write 'and'"),
    ("a ^ 2 < 3", "'^' does not belong here, at column 3 of 'a ^ 2 < 3': write '**' for a power"),
    (
        "a => b",
        "'=>' does not belong here, at column 3 of 'a => b': write 'if a: b' for an implication",
    ),
    ("a is 3", "'is' does not belong here, at column 3 of 'a is 3': write '=='"),
    (
        "(a < 3",
        "the text ends too early, at column 7 of '(a < 3': a bracket is never closed: add ')'",
    ),
    (
        "if a < 2 b < 3",
        "'b' does not belong here, at column 10 of 'if a < 2 b < 3': "
        "an implication is written 'if a: b'",
    ),
    (
        "a < 3 if b else c",
        "'if' does not belong here, at column 7 of 'a < 3 if b else c': "
        "an implication is the whole rule, 'if a: b'",
    ),
    (
        "a < ",
        "the text ends too early, at column 4 of 'a < ': "
        "a name, a number or a text in quotes belongs here",
    ),
    ("a == 'x", "a ' that is never closed, at column 6 of \"a == 'x\": add ' at its end"),
    (
        "1st < 3",
        "not a number, at column 1 of '1st < 3': write numbers like 3, 0.5 or 1e-3, and names "
        "that begin with a digit in backticks",
    ),
    (
        "a @ 3",
        "'@' has no meaning, at column 3 of 'a @ 3': "
        "names with unusual characters stand in backticks: `my name`",
    ),
    ("`` < 3", "an empty name in backticks, at column 2 of '`` < 3': write the parameter's name"),
    (
        "a in [sgd]",
        "sgd is a name inside a list, at column 7 of 'a in [sgd]': a list holds constants only; "
        'if it is a text, put it in quotes: "sgd"',
    ),
    (
        "a in 3",
        "'3' does not belong here, at column 6 of 'a in 3': "
        "'in' is followed by a list such as [1, 2] or [\"a\", \"b\"]",
    ),
    ("a in []", "an empty list, at column 6 of 'a in []': name at least one value"),
    ("abs(a, b) < 1", "abs with 2 arguments, at column 1 of 'abs(a, b) < 1': it takes one"),
    ("min(a) < 1", "min with 1 argument, at column 1 of 'min(a) < 1': it takes two or more"),
    (
        "a + 'x' == 3",
        "arithmetic with a text, at column 5 of \"a + 'x' == 3\": arithmetic needs numbers",
    ),
    ("a < 1e301", "a number beyond 1e300, at column 5 of 'a < 1e301': use a smaller one"),
    ("3 < 4", "'3 < 4' names no parameter; it must relate at least one"),
    (" ", "must be an expression such as 'hidden % heads == 0', got nothing"),
    ("a" * 5000, "must have at most 4,096 characters, got 5,000"),
    ("a" + "+a" * 300 + "<1", "is nested too deeply: 302 levels, at most 200"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), REFUSALS, ids=[text[:20] for text, _ in REFUSALS])
def test_a_mistake_is_named_with_its_column_and_what_would_be_right(
    text: str, message: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse(text)
    assert refusal.value.problems[0].message == message


def test_a_long_rule_is_shown_around_the_mistake() -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse("alpha < 1 and " * 60 + "beta = 2")
    message = str(refusal.value)
    assert "at column 846 of '…" in message
    assert "beta = 2'" in message
    assert len(message) < 260


@pytest.mark.parametrize("opening", ["(", "-", "not ", "abs(", "2 ** "])
def test_deep_nesting_is_refused_and_not_a_crash(opening: str) -> None:
    with pytest.raises(InvalidInput, match="nested too deeply"):
        parse(opening * 600 + "a")


@given(st.text(alphabet="ab1.e+-*/%<>=!()[],:'\"`&| notifr", max_size=40))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    for read in (parse, parse_condition, parse_expression):
        try:
            read(text)
        except InvalidInput as refusal:
            assert refusal.problems[0].message  # noqa: PT017 - most texts are refused, some not.


def test_two_hundred_terms_are_allowed() -> None:
    assert depth(parse("+".join(["a"] * 199) + " < 1").tree) == 200


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ('optimizer == "sgd"', Condition("optimizer", Comparison.EQUAL, ("sgd",))),
        ("layers >= 2", Condition("layers", Comparison.GREATER_OR_EQUAL, (2,))),
        ("2 < layers", Condition("layers", Comparison.GREATER, (2,))),
        ("'a' != kind", Condition("kind", Comparison.NOT_EQUAL, ("a",))),
        ("kind in ['a', 'b']", Condition("kind", Comparison.IN, ("a", "b"))),
        ("not kind in ['a']", Condition("kind", Comparison.NOT_IN, ("a",))),
        ("not layers < 2", Condition("layers", Comparison.GREATER_OR_EQUAL, (2,))),
        ("use_dropout", Condition("use_dropout", Comparison.EQUAL, (True,))),
        ("not use_dropout", Condition("use_dropout", Comparison.NOT_EQUAL, (True,))),
    ],
)
def test_a_condition_compares_one_parent_with_constants(text: str, condition: Condition) -> None:
    assert parse_condition(text) == condition


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "optimizer == sgd",
            "'optimizer == sgd' compares optimizer with sgd, and a condition compares one "
            'parameter with a constant; if sgd is a text, put it in quotes: "sgd"',
        ),
        ("optimizer in [sgd, adam]", 'if it is a text, put it in quotes: "sgd"'),
        ("a < 1 and b < 2", "relations between several belong to constraints"),
        ("a % 2 == 0", "'a % 2 == 0' is not a condition: write one parameter against a constant"),
        ("layers = 2", "write '==' to compare"),
    ],
)
def test_a_condition_that_is_more_is_refused(text: str, message: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse_condition(text)
    assert message in str(refusal.value)
