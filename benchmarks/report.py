"""The table that every benchmark prints, and the JSON that it leaves behind."""

import json
import math
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

RESULTS = Path(__file__).parent / "results"

# JSON has no numbers for these; they are written as everywhere in Dowse.
_WORDS = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}

_HEADER = ("name", "value", "unit", "goal", "holds", "peer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measured figure beside what was promised."""

    name: str
    value: float
    unit: str
    goal: str | None = None
    """What was promised, as a person reads it, such as `<= 60`; None for a figure of interest."""
    holds: bool | None = None
    """Whether the promise was kept; None exactly when there is no goal."""
    peer: str | None = None
    """What others reach in the same run, such as `Optuna TPE 0.41`."""

    def __post_init__(self) -> None:
        if (self.goal is None) != (self.holds is None):
            raise ValueError(f"{self.name}: goal and holds are given together or not at all")


def at_most(name: str, value: float, unit: str, limit: float, peer: str | None = None) -> Row:
    """A row that holds when the value is finite and not above the limit."""
    return Row(
        name=name,
        value=value,
        unit=unit,
        goal=f"<= {limit:g}",
        holds=math.isfinite(value) and value <= limit,
        peer=peer,
    )


def at_least(name: str, value: float, unit: str, limit: float, peer: str | None = None) -> Row:
    """A row that holds when the value is finite and not below the limit."""
    return Row(
        name=name,
        value=value,
        unit=unit,
        goal=f">= {limit:g}",
        holds=math.isfinite(value) and value >= limit,
        peer=peer,
    )


def table(rows: Sequence[Row]) -> str:
    """Aligned plain text; numbers to the right, words to the left."""
    cells = [_HEADER, *(_cells(row) for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(_HEADER))]
    ruler = tuple("-" * width for width in widths)
    return "\n".join(_line(line, widths) for line in (cells[0], ruler, *cells[1:]))


def _cells(row: Row) -> tuple[str, ...]:
    holds = "" if row.holds is None else "yes" if row.holds else "NO"
    return (row.name, f"{row.value:.4g}", row.unit, row.goal or "", holds, row.peer or "")


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    aligned = [
        cell.rjust(width) if column == "value" else cell.ljust(width)
        for column, cell, width in zip(_HEADER, cells, widths, strict=True)
    ]
    return "  ".join(aligned).rstrip()


def machine() -> dict[str, str | int | float]:
    """Processor, usable cores, memory and system: what a figure depends on besides the code."""
    return {
        "cpu": _cpu_model(Path("/proc/cpuinfo")),
        "cores": usable_cores(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "os": platform.platform(),
    }


def usable_cores() -> int:
    """Cores this process may run on, which in a container are fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _cpu_model(cpuinfo: Path) -> str:
    # platform.processor() is empty on most Linux systems.
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            key, _, value = line.partition(":")
            if key.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()


def versions(packages: Sequence[str] = ("dowse", "numpy", "scipy")) -> dict[str, str]:
    """Versions of Python and of the packages that are installed here."""
    found = {"python": platform.python_version()}
    for package in packages:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


def document(name: str, rows: Sequence[Row]) -> dict[str, object]:
    return {
        "name": name,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "versions": versions(),
        "rows": [_plain(row) for row in rows],
    }


def _plain(row: Row) -> dict[str, object]:
    fields: dict[str, object] = asdict(row)
    if not math.isfinite(row.value):
        fields["value"] = _WORDS[str(row.value)]
    return fields


def publish(name: str, rows: Sequence[Row], folder: Path = RESULTS) -> Path:
    """Print the table and write `<folder>/<name>.json`; returns that path."""
    return _write(document(name, rows), rows, folder)


def publish_part(
    name: str, suites: Mapping[str, Sequence[Row]], order: Sequence[str], folder: Path = RESULTS
) -> Path:
    """Put the rows of some suites in the place of those that `<folder>/<name>.json` has of them.

    Long suites are measured one by one: each row says of which suite it is, and when it was.
    """
    rows = [row for of_one in suites.values() for row in of_one]
    names = [suite for suite, of_one in suites.items() for _ in of_one]
    found = document(name, rows)
    fresh = [
        {"suite": suite, "date": found["date"], **_plain(row)}
        for suite, row in zip(names, rows, strict=True)
    ]
    path = folder / f"{name}.json"
    earlier = json.loads(path.read_text(encoding="utf-8"))["rows"] if path.exists() else []
    kept = [row for row in earlier if row.get("suite") in set(order) - set(suites)]
    every = sorted([*kept, *fresh], key=lambda row: order.index(row["suite"]))
    return _write({**found, "rows": every}, rows, folder)


def _write(found: Mapping[str, object], rows: Sequence[Row], folder: Path) -> Path:
    print(table(rows))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{found['name']}.json"
    text = json.dumps(found, indent=2, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")
    kept = sum(row.holds is True for row in rows)
    promised = sum(row.holds is not None for row in rows)
    print(f"\n{kept} of {promised} goals hold; written to {path}")
    return path
