import pytest

from dowse.dialects.durations import megabytes, seconds


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2h", 7200.0),
        ("90m", 5400.0),
        ("30s", 30.0),
        ("1h30m", 5400.0),
        ("1.5h", 5400.0),
        ("1d", 86_400.0),
        ("500ms", 0.5),
        ("7200", 7200.0),
        ("1e3", 1000.0),
        (" 7200s ", 7200.0),
    ],
)
def test_a_time_is_read_in_seconds(text: str, expected: float) -> None:
    assert seconds(text) == pytest.approx(expected)


@pytest.mark.parametrize("text", ["", "0", "0s", "-5", "2 weeks", "h", "1h 30m", ".inf", "1x"])
def test_what_is_no_time_above_zero_is_refused(text: str) -> None:
    assert seconds(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [("4GB", 4096), ("512MB", 512), ("1.5 GiB", 1536), ("2g", 2048), ("1TB", 1024**2)],
)
def test_a_size_is_read_in_megabytes(text: str, expected: int) -> None:
    assert megabytes(text) == expected


@pytest.mark.parametrize("text", ["", "4", "lots", "0MB", "-1GB", "4 elephants", "9" * 400 + "GB"])
def test_what_is_no_size_is_refused(text: str) -> None:
    assert megabytes(text) is None
