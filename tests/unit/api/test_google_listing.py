from collections.abc import Sequence

import pytest

from dowse.api.ai_platform.listing import page_of, parse_filter
from dowse.errors import InvalidInput

JOB = {"jobId": "census_1", "state": "FAILED", "labels.team": "vision x"}


def fits(text: str) -> bool:
    return all(term.fits(JOB) for term in parse_filter(text, ["jobId", "state"]))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "jobId:census*",
        "jobId=census_1",
        "state=FAILED AND jobId:*_1",
        "state:FAILED jobId:census*",
        "NOT state=RUNNING",
        "-state=RUNNING AND state!=QUEUED",
        'labels.team="vision x"',
        "labels.absent!=a",
    ],
)
def test_a_filter_that_fits_keeps_the_job(text: str) -> None:
    assert fits(text)


@pytest.mark.parametrize(
    "text",
    [
        "jobId:rnn*",
        "jobId:census",
        "state!=FAILED",
        "state=FAILED AND jobId:rnn*",
        "labels.absent:*",
        "jobId:census_?",
        "jobId:[c]ensus_1",
        "NOT jobId!=rnn",
    ],
)
def test_a_filter_that_does_not_fit_leaves_the_job_out(text: str) -> None:
    assert not fits(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("state", "must be comparisons such as jobId:census\\* or state=RUNNING.*cannot read"),
        ("state=A OR state=B", "knows AND and NOT, and cannot read 'OR state=B'"),
        ("colour=red", "compares jobId, state, labels.NAME, got 'colour'"),
        ("(state=A)", "cannot read '\\(state=A\\)'"),
        ('jobId="open', "cannot read"),
        ("x" * 3_000, "at most 2000 characters, got 3000"),
    ],
)
def test_a_filter_that_cannot_be_read_is_refused_with_the_place(text: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=f"filter: .*{words}"):
        parse_filter(text, ["jobId", "state"])


def page(items: Sequence[int], **more: object) -> tuple[list[int], str | None]:
    options: dict[str, object] = {"size": 2, "token": None, "question": "q", **more}
    found, token = page_of(items, lambda number: number, **options)  # type: ignore[arg-type]
    return list(found), token


def test_pages_follow_each_other_to_the_end() -> None:
    first, token = page([9, 7, 5, 4, 1])
    second, after = page([9, 7, 5, 4, 1], token=token)
    third, end = page([9, 7, 5, 4, 1], token=after)
    assert (first, second, third, end) == ([9, 7], [5, 4], [1], None)


def test_what_comes_or_goes_between_two_pages_repeats_and_loses_nothing() -> None:
    _, token = page([9, 7, 5, 4, 1])
    assert page([12, 9, 5, 4, 1], token=token)[0] == [5, 4]


def test_a_page_holds_twenty_and_never_more_than_a_hundred() -> None:
    many = list(range(500, 0, -1))
    assert len(page(many, size=None)[0]) == len(page(many, size=0)[0]) == 20
    assert len(page(many, size=1_000)[0]) == 100
    with pytest.raises(InvalidInput, match="pageSize: must be 0 or more, got -1"):
        page(many, size=-1)


@pytest.mark.parametrize("token", ["t2", "e30=", "WzEsICJ4Il0=", "W10=", "é"])
def test_a_token_that_nobody_gave_is_refused(token: str) -> None:
    with pytest.raises(InvalidInput, match="pageToken: must be the nextPageToken of an earlier"):
        page([3, 2, 1], token=token)


def test_a_token_of_another_question_is_refused() -> None:
    _, token = page([3, 2, 1])
    with pytest.raises(InvalidInput, match="pageToken"):
        page([3, 2, 1], token=token, question="other")
