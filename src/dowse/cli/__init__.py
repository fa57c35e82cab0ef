"""The command line: Typer commands over the client, like anybody else's.

Commands import what they need when they run, so that `dowse --help` stays fast.
"""
