from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from dowse.runtime.records import create_file, read_record, replace_record


@pytest.mark.parametrize("durably", [False, True])
def test_what_was_written_is_read_and_no_other_file_stays(tmp_path: Path, durably: bool) -> None:
    path = tmp_path / "exit.json"
    for code in (1, 2):
        replace_record(str(path), {"exit_code": code, "message": "ü"}, durably=durably)
        assert read_record(str(path)) == {"exit_code": code, "message": "ü"}
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("text", ["", "{", '{"a": 1', "[1]", "null", "[" * 100_000])
def test_what_is_no_whole_object_is_not_there(tmp_path: Path, text: str) -> None:
    path = tmp_path / "runner.json"
    assert read_record(str(path)) is None
    path.write_text(text)
    assert read_record(str(path)) is None


def test_of_many_who_create_a_file_one_is_told_that_it_did(tmp_path: Path) -> None:
    for turn in range(20):
        path = str(tmp_path / f"claim{turn}")
        barrier = threading.Barrier(8)
        winners: list[bool] = []

        def try_it(path: str = path, barrier: threading.Barrier = barrier) -> None:
            barrier.wait()
            winners.append(create_file(path, b"mine"))  # noqa: B023 - joined in this turn.

        threads = [threading.Thread(target=try_it) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(winners) == [False] * 7 + [True]


def test_a_record_is_written_as_json_would_write_it(tmp_path: Path) -> None:
    record: dict[str, object] = {
        "none": None,
        "flags": [True, False],
        "flag": True,
        "numbers": [1, -1.5],
        "small": 5e-324,
        "large": 2**70,
        "nan": float("nan"),
        "minus": float("-inf"),
        "plain": "a b'c",
        "empty": "",
        'odd "name"': '"\\\n\x00\x7fü\ud800',
    }
    path = tmp_path / "record.json"
    replace_record(str(path), record)
    assert path.read_text() == json.dumps(record) + "\n"


def test_a_runner_writes_its_records_without_loading_json(tmp_path: Path) -> None:
    script = """
import sys
from dowse.runtime.records import replace_record
replace_record(sys.argv[1], {"exit_code": 0, "message": None, "at": 1.5, "start": "308208"})
print("json" in sys.modules)
"""
    command = [sys.executable, "-I", "-c", script, str(tmp_path / "exit.json")]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    assert answer.stdout == "False\n"
