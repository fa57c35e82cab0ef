from dowse.cli import words


def test_numbers_have_six_digits_and_nothing_is_a_dash() -> None:
    assert words.short(0.123456789) == "0.123457"
    assert words.short(12) == "12"
    assert words.short(None) == "-"
    assert words.short("relu") == "relu"


def test_odd_numbers_of_the_json_form_are_numbers() -> None:
    assert words.short(words.number("NaN")) == "nan"
    assert words.short(words.number("-Infinity")) == "-inf"


def test_durations_are_short() -> None:
    assert [words.duration(s) for s in (0.4, 59, 184, 7500)] == ["0s", "59s", "3m04s", "2h05m"]


def test_one_is_no_plural() -> None:
    assert words.counted(1, "trial") == "1 trial"
    assert words.counted(1200, "trial") == "1,200 trials"


def test_numbers_of_a_table_end_together_and_words_begin_together() -> None:
    drawn = words.table(["trial", "name"], [["9", "relu"], ["10", "tanh"]], "")
    assert drawn == "trial  name\n    9  relu\n   10  tanh"


def test_a_table_without_rows_is_its_header() -> None:
    assert words.table(["job", "state"], [], "") == "job  state"


def test_reasons_are_read_as_words() -> None:
    assert words.reason("search_space_exhausted") == "search space exhausted"
    assert words.reason("user") == "on request"
    assert words.reason(None) == ""
