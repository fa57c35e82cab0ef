"""Event files in the directories of a trial."""

import os
from pathlib import Path

import pytest
from tensorboardX import SummaryWriter

from dowse.domain.metrics import Measurement
from dowse.runtime.collectors.source import Batch
from dowse.runtime.collectors.tfevents import EventFiles
from tests.unit.runtime.collectors.event_files import (
    curve,
    event,
    header,
    message,
    simple_value,
    tensor_value,
    write_events,
)

NOW = 2000.0


def source(root: Path, offsets: dict[str, int] | None = None, since: float = 0.0) -> EventFiles:
    return EventFiles({"work": root}, since, offsets or {})


def everything(files: EventFiles) -> list[Batch]:
    batches: list[Batch] = []
    while new := files.poll(NOW):
        batches += new
    return [*batches, *files.finish(NOW)]


def values(batches: list[Batch] | tuple[Batch, ...]) -> dict[str, list[float]]:
    """By metric, in order of arrival, rounded: event files hold 32-bit floats."""
    found: dict[str, list[float]] = {}
    for batch in batches:
        for measurement in batch.measurements:
            found.setdefault(measurement.metric, []).append(round(measurement.value, 4))
    return found


def notes(batches: list[Batch]) -> list[str]:
    return [note for batch in batches for note in batch.notes]


def test_files_that_tensorflow_1_wrote_are_read(fixtures: Path) -> None:
    batches = everything(source(fixtures / "tf1"))
    assert values(batches) == {"metric1": [0.0, 0.1, 0.2, 0.3, 0.4]}
    assert [m.step for m in batches[0].measurements] == [0, 100, 200, 300, 400]


def test_files_that_tensorflow_2_wrote_are_read(fixtures: Path) -> None:
    found = values(everything(source(fixtures / "tf2")))
    assert found["metric1"] == [0.5, 0.6, 0.7, 0.8, 0.9]
    assert found["scope/inner"] == [1.0]
    assert found["batch_loss"] == [0.3859, 0.3499, 0.3325, 0.3362]


def test_keras_validation_gets_the_plain_names_and_nothing_is_lost(fixtures: Path) -> None:
    found = values(everything(source(fixtures / "keras")))
    assert found["epoch_loss"] == [0.2979, 0.2884]
    assert found["train/epoch_loss"] == [0.3499, 0.3362]
    assert found["evaluation_loss_vs_iterations"] == [0.2979, 0.2884]
    # Only the training folder has it: at the end it gets the plain name too.
    assert found["epoch_learning_rate"] == found["train/epoch_learning_rate"] == [0.001, 0.001]
    assert not [name for name in found if "keras" in name]  # the graph is no scalar


def test_a_training_folder_alone_gets_the_plain_names(tmp_path: Path) -> None:
    write_events(tmp_path / "logs" / "train", *curve("loss", 3.0, 2.0))
    assert values(source(tmp_path).poll(NOW)) == {"loss": [3.0, 2.0]}


def test_keras_order_of_writing_never_puts_a_training_value_under_the_plain_name(
    tmp_path: Path,
) -> None:
    training = write_events(tmp_path / "train")
    files = source(tmp_path)
    batches = [*files.poll(NOW)]
    # The first evaluation opens its file, then both losses of the epoch are written.
    validation = write_events(tmp_path / "validation")
    with training.open("ab") as file:
        file.write(curve("epoch_loss", 0.9)[0])
    batches += files.poll(NOW + 1)
    with validation.open("ab") as file:
        file.write(curve("epoch_loss", 0.5)[0])
    batches += files.poll(NOW + 2)
    batches += files.finish(NOW + 3)
    assert values(batches) == {"train/epoch_loss": [0.9], "epoch_loss": [0.5]}


@pytest.mark.parametrize("name", ["eval", "eval_holdout", "validation", "loss_val", "test"])
def test_the_folder_that_measures_on_unseen_data_is_preferred(tmp_path: Path, name: str) -> None:
    write_events(tmp_path, *curve("loss", 0.9))
    write_events(tmp_path / name, *curve("loss", 0.5))
    assert values(everything(source(tmp_path))) == {"loss": [0.5], "./loss": [0.9]}


def test_among_equals_the_newest_folder_is_preferred(tmp_path: Path) -> None:
    write_events(tmp_path / "run1", *curve("acc", 0.1, time=1000.0))
    write_events(tmp_path / "run2", *curve("acc", 0.2, time=1500.0))
    assert values(everything(source(tmp_path))) == {"run1/acc": [0.1], "acc": [0.2]}


def test_two_files_of_one_folder_are_one_run(tmp_path: Path) -> None:
    write_events(tmp_path, *curve("acc", 0.1), name="events.out.tfevents.1.a")
    write_events(tmp_path, *curve("acc", 0.2, time=1500.0), name="events.out.tfevents.2.a")
    found = values(everything(source(tmp_path)))
    assert sorted(found["acc"]) == [0.1, 0.2]


def test_tensorboardx_is_read(tmp_path: Path) -> None:
    with SummaryWriter(str(tmp_path / "runs" / "now")) as writer:
        for step in range(5):
            writer.add_scalar("val/accuracy", step / 10, step)
            writer.add_text("notes", "text", step)
            writer.add_scalars("both", {"a": step, "b": -step}, step)
    batches = everything(source(tmp_path))
    found = values(batches)
    assert found["val/accuracy"] == [0.0, 0.1, 0.2, 0.3, 0.4]
    assert (found["a/both"], found["both"]) == ([0, 1, 2, 3, 4], [0, -1, -2, -3, -4])
    assert notes(batches) == []


def test_a_file_is_followed_while_it_is_written(tmp_path: Path) -> None:
    path = write_events(tmp_path)
    content = b"".join(curve("acc", 0.1, 0.2, 0.3))
    files = source(tmp_path)
    batches: list[Batch] = [*files.poll(NOW)]
    for byte in content:
        with path.open("ab") as file:
            file.write(bytes([byte]))
        batches += files.poll(NOW)
    assert values(batches) == {"acc": [0.1, 0.2, 0.3]}
    assert files.finish(NOW) == ()


def test_files_that_appear_later_are_found(tmp_path: Path) -> None:
    files = source(tmp_path / "not" / "yet")
    assert files.poll(NOW) == ()
    write_events(tmp_path / "not" / "yet" / "deep" / "er", *curve("acc", 0.1))
    assert values(files.poll(NOW + 1)) == {"acc": [0.1]}


def test_a_restart_at_every_stored_position_loses_and_repeats_nothing(tmp_path: Path) -> None:
    written = curve("acc", *(step / 10 for step in range(6)))
    path = write_events(tmp_path, *written)
    whole = path.read_bytes()
    name = f"tfevents:work/{path.name}"
    position = len(header())
    for step in range(7):
        path.write_bytes(whole[: position + 20])  # with a cut record at the end
        first = [*source(tmp_path).poll(NOW)]
        assert [(batch.source, batch.offset) for batch in first] == [(name, position)]
        path.write_bytes(whole)
        second = everything(source(tmp_path, {name: position}))
        together = values(first).get("acc", []) + values(second).get("acc", [])
        assert together == [0.0, 0.1, 0.2, 0.3, 0.4, 0.5]
        position += len(written[step]) if step < 6 else 0


def test_a_restart_knows_again_which_folder_has_the_plain_name(tmp_path: Path) -> None:
    root = write_events(tmp_path, *curve("loss", 0.9))
    write_events(tmp_path / "eval", *curve("loss", 0.5))
    offsets = {batch.source: batch.offset for batch in source(tmp_path).poll(NOW)}
    assert len(offsets) == 2
    with root.open("ab") as file:
        file.write(curve("loss", 0.8, time=1100.0)[0])
    assert values(everything(source(tmp_path, offsets))) == {"./loss": [0.8]}


def test_a_writer_may_say_only_once_what_a_tag_is(tmp_path: Path) -> None:
    zero = message([(1, 1), (2, b"")])
    events = [event(tensor_value("m", zero)), event(tensor_value("m", zero, None), step=1)]
    path = write_events(tmp_path, *events)
    files = source(tmp_path)
    assert values(files.poll(NOW)) == {"m": [0.0, 0.0]}
    again = source(tmp_path, {f"tfevents:work/{path.name}": len(header() + events[0])})
    assert values(again.poll(NOW)) == {"m": [0.0]}


def test_what_is_no_scalar_is_no_metric(tmp_path: Path) -> None:
    text = tensor_value("notes", message([(1, 7), (8, b"words")]), b"text")
    write_events(tmp_path, event(text), event(simple_value("m", 1.0)))
    assert values(everything(source(tmp_path))) == {"m": [1.0]}


def test_a_damaged_record_is_skipped_with_a_note(tmp_path: Path) -> None:
    first, second, third = curve("acc", 0.1, 0.2, 0.3)
    damaged = second[:-10] + bytes([second[-10] ^ 1]) + second[-9:]
    path = write_events(tmp_path, first, damaged, third)
    batches = everything(source(tmp_path))
    assert values(batches) == {"acc": [0.1, 0.3]}
    assert notes(batches) == [f"{path}: a damaged record was left out"]


def test_bytes_that_cannot_be_read_are_noted_at_the_end(tmp_path: Path) -> None:
    first, second, third = curve("acc", 0.1, 0.2, 0.3)
    path = write_events(tmp_path, first, b"\x01" + second[1:], third)
    files = source(tmp_path)
    assert values(files.poll(NOW)) == {"acc": [0.1]}
    assert files.poll(NOW) == ()
    (batch,) = files.finish(NOW)
    left = len(second + third)
    assert batch.notes == (f"{left} bytes of {path} could not be read: its next record is damaged",)


def test_a_cut_last_record_is_noted_at_the_end(tmp_path: Path) -> None:
    path = write_events(tmp_path, *curve("acc", 0.1), curve("acc", 0.2)[0][:-5])
    batches = everything(source(tmp_path))
    assert values(batches) == {"acc": [0.1]}
    (note,) = notes(batches)
    assert note.endswith(f"bytes of {path} could not be read: its last record was cut")


def test_files_of_earlier_runs_are_not_read(tmp_path: Path) -> None:
    old = write_events(tmp_path / "old", *curve("acc", 0.9))
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    (fresh / old.name).write_bytes(header(1999.0) + curve("acc", 0.1, time=2000.0)[0])
    assert values(everything(source(tmp_path, since=2000.0))) == {"acc": [0.1]}


def test_links_do_not_lead_to_the_files_of_others(tmp_path: Path) -> None:
    write_events(tmp_path / "shared", *curve("acc", 0.9))
    (tmp_path / "trial").mkdir()
    (tmp_path / "trial" / "logs").symlink_to(tmp_path / "shared")
    assert everything(source(tmp_path / "trial")) == []


def test_a_file_below_two_roots_is_read_once(tmp_path: Path) -> None:
    write_events(tmp_path / "out", *curve("acc", 0.1))
    files = EventFiles({"work": tmp_path, "job": tmp_path / "out"}, 0.0, {})
    assert values(everything(files)) == {"acc": [0.1]}


def test_a_file_that_is_removed_does_no_harm(tmp_path: Path) -> None:
    path = write_events(tmp_path, *curve("acc", 0.1))
    files = source(tmp_path)
    files.poll(NOW)
    path.unlink()
    assert files.poll(NOW) == files.finish(NOW) == ()


def test_a_file_that_is_removed_while_it_is_read_does_no_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_events(tmp_path, *curve("acc", 0.1))
    files = source(tmp_path)
    real_stat = os.stat

    def last_look(target: str) -> os.stat_result:
        status = real_stat(target)
        if files._files:
            path.unlink()
        return status

    monkeypatch.setattr("os.stat", last_look)
    assert files.poll(NOW) == ()


def test_keys_tell_repeated_values_apart(tmp_path: Path) -> None:
    same = event(simple_value("acc", 0.5), step=1)
    later = event(simple_value("acc", 0.5), step=1, time=1001.0)
    write_events(tmp_path, same, same, later)
    found: list[Measurement] = [m for b in source(tmp_path).poll(NOW) for m in b.measurements]
    assert [m.key for m in found] == ["1000.0:1:0.5", "1000.0:1:0.5", "1001.0:1:0.5"]


def test_a_long_file_is_read_a_bounded_amount_at_a_time(tmp_path: Path) -> None:
    filler = event(tensor_value("image", b"\x22" + b"\xff\xff\x03" + bytes(65_535), b"images"))
    write_events(tmp_path, *[filler] * 40, *curve("acc", 0.1))
    files = source(tmp_path)
    rounds = 0
    batches: list[Batch] = []
    while new := files.poll(NOW):
        batches += new
        rounds += 1
    assert rounds > 5
    assert values(batches) == {"acc": [0.1]}


def test_a_negative_step_counts_as_zero_with_a_note(tmp_path: Path) -> None:
    write_events(tmp_path, event(simple_value("acc", 0.5), step=-1))
    batches = everything(source(tmp_path))
    assert [m.step for batch in batches for m in batch.measurements] == [0]
    assert notes(batches) == ["step -1 of acc is no whole number from 0 to 2^63-1: taken as 0"]


def test_looking_for_files_pauses_in_proportion_to_what_there_is(tmp_path: Path) -> None:
    for index in range(1000):
        (tmp_path / str(index)).touch()
    files = source(tmp_path)
    files.poll(NOW)
    write_events(tmp_path, *curve("acc", 0.1))
    assert files.poll(NOW + 0.04) == ()
    assert values(files.poll(NOW + 0.06)) == {"acc": [0.1]}
    assert os.listdir(tmp_path)
