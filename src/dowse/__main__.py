"""`python -m dowse` is the command `dowse`."""

from dowse.cli.main import main

main()
