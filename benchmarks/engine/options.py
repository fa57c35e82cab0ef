"""What the command line says to every suite."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """`seeds` None means each figure's own number; `live` runs the light peers now."""

    seeds: int | None = None
    jobs: int = 1
    live: bool = True
