from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dowse.domain.constraints import Constraint, parse
from dowse.domain.grammar import parse_expression
from dowse.domain.intervals import Box, Labels, Span, Truths, outcomes

FACTORS = ["a", "b", "2", "-3", "0.5", "(a + b)", "(a - 1)", "abs(b)", "min(a, b)", "max(a, 2)"]
terms = st.one_of(
    st.sampled_from(FACTORS),
    st.tuples(
        st.sampled_from(FACTORS),
        st.sampled_from(["+", "-", "*", "/", "//", "%"]),
        st.sampled_from(FACTORS),
    ).map(lambda parts: f"({' '.join(parts)})"),
    st.tuples(st.sampled_from(FACTORS), st.sampled_from("0123ab")).map(
        lambda parts: f"({parts[0]}) ** {parts[1]}"
    ),
)
relations = st.tuples(terms, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), terms).map(
    " ".join
)
rules = st.one_of(
    relations,
    relations.map(lambda text: f"not ({text})"),
    st.tuples(relations, relations).map(lambda pair: f"({pair[0]}) and ({pair[1]})"),
    terms.map(lambda text: f"{text} in [0, 1, 2]"),
)
ranges = st.lists(st.integers(-4, 4), min_size=1, max_size=4).map(sorted)


@given(text=rules, a=ranges, b=ranges)
def test_what_happens_was_said_to_be_possible(
    text: str, a: Sequence[int], b: Sequence[int]
) -> None:
    rule = Constraint(text, parse_expression(text))
    found = outcomes(rule.tree, {"a": Span(a[0], a[-1]), "b": Span(b[0], b[-1])})
    seen = {rule.holds({"a": x, "b": y}) for x in a for y in b}
    if found.always:
        assert seen == {True}
    if found.never:
        assert seen == {False}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a < 11", Truths(True, False)),
        ("a < 1", Truths(False, True)),
        ("a < 5", Truths(True, True)),
        ("a * a >= 1", Truths(True, False)),
        ("a % 20 == a", Truths(True, True)),
        ("a % 20 > 10", Truths(False, True)),
        ("a % 3 > 3", Truths(False, True)),
        ("5 / (a - 2) > 0", Truths(True, True, undefined=True)),
        ("(a - 5) ** 2 < 0", Truths(False, True)),
        ("kind == 'x'", Truths(True, True)),
        ("kind == 'z'", Truths(False, True)),
        ("kind in ['x', 'y']", Truths(True, False)),
        ("flag", Truths(True, False)),
        ("not flag or a > 20", Truths(False, True)),
        ("flag == (a < 11)", Truths(True, False)),
    ],
)
def test_outcomes_are_as_tight_as_single_mentions_allow(text: str, expected: Truths) -> None:
    box: Box = {
        "a": Span(1, 10),
        "kind": Labels(frozenset(("x", "y"))),
        "flag": Labels(frozenset((True,))),
    }
    assert outcomes(parse(text).tree, box) == expected
