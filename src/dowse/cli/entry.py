"""The command `dowse`, of which an interrupt leaves no traceback, not even while it is loading."""

import sys

INTERRUPTED = 130
"""What a shell calls the end of a program by an interrupt."""


def main() -> None:
    try:
        from dowse.cli.main import main as command

        command()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
