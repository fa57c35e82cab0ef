"""`python -m dowse` is the command `dowse`."""

from dowse.cli.entry import main

main()
