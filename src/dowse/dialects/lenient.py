"""Reading a document before it is said which program it is for."""

from __future__ import annotations

from collections.abc import Callable

from dowse.dialects.launching import HOW_TO_NAME_A_PROGRAM
from dowse.dialects.protocol import Reading
from dowse.errors import InvalidInput

ANY_MODULE = "trainer.task"
"""Stands in for the module that a Google configuration leaves to the command line."""


def read_leniently(read: Callable[[str | None], Reading]) -> tuple[Reading, str | None]:
    """A document that only leaves the module to others is right; what to give is told beside it.

    `read` reads it with a module, or without one. Raises InvalidInput for everything else.
    """
    try:
        return read(None), None
    except InvalidInput as error:
        others = [p for p in error.problems if HOW_TO_NAME_A_PROGRAM not in p.message]
        if len(others) == len(error.problems):
            raise
        if others:
            raise InvalidInput(others) from None
    return read(ANY_MODULE), f"to run it, {HOW_TO_NAME_A_PROGRAM}"
