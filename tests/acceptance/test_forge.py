"""The process from which the other tests fork commands leaves nothing behind."""

import os
import socket
import subprocess
import sys

from tests.acceptance import forge


def test_it_ends_when_whoever_asks_is_killed_in_the_middle_of_a_request() -> None:
    asking, its = socket.socketpair()
    program = [sys.executable, forge.__file__, str(its.fileno()), "dowse"]
    process = subprocess.Popen(program, pass_fds=[its.fileno()], stdin=subprocess.DEVNULL)
    its.close()
    try:
        with asking, open(os.devnull, "r+b") as null:
            socket.send_fds(asking, [forge.LENGTH.pack(100)], [null.fileno()] * 4)
            asking.sendall(b"{")
        assert process.wait(timeout=30) == 0
    finally:
        process.kill()
        process.wait()
