"""Starting the training program: fork and exec, with the true reason when that fails.

Standard library only: the runner imports it.
"""

from __future__ import annotations

import errno
import os

from dowse.runtime import system

TYPE_CHECKING = False  # Importing typing would slow down the start of every runner.
if TYPE_CHECKING:
    import signal
    from collections.abc import Mapping, Sequence
    from typing import NoReturn
else:
    import _signal as signal  # The same numbers without the cost of their enums.

_DIRECTORY, _COMMAND = b"directory", b"command"


class StartError(Exception):
    """The program could not be started; the message says why, in words for the user."""


def start_program(
    argv: Sequence[str], *, directory: str, environment: Mapping[str, str], log: int
) -> int:
    """The pid of the program: leader of its own session, its output in `log`, killed with us.

    Raises StartError.
    """
    reading, writing = os.pipe()  # Closed by a successful exec, for descriptors are not inherited.
    runner = os.getpid()
    pid = os.fork()
    if pid == 0:
        _become(argv, directory, environment, log=log, failures=writing, runner=runner)
    os.close(writing)
    with open(reading, "rb") as pipe:
        failure = pipe.read()
    if failure:
        os.waitpid(pid, 0)
        stage, number = failure.split()
        raise StartError(_explain(stage, int(number), argv[0], directory, environment))
    return pid


def _become(
    argv: Sequence[str],
    directory: str,
    environment: Mapping[str, str],
    *,
    log: int,
    failures: int,
    runner: int,
) -> NoReturn:
    stage = _COMMAND
    try:
        os.setsid()
        if system.die_with_parent() and os.getppid() != runner:
            os._exit(1)  # The runner died before it could be watched.
        stage = _DIRECTORY
        os.chdir(directory)
        stage = _COMMAND
        os.dup2(log, 1)
        os.dup2(log, 2)
        _reset_signals()
        os.execvpe(argv[0], list(argv), dict(environment))
    except OSError as error:
        os.write(failures, b"%s %d" % (stage, error.errno or errno.EIO))
    except BaseException:  # Nothing of the runner may go on in this process.
        os.write(failures, b"%s %d" % (stage, errno.EINVAL))
    finally:
        os._exit(127)


def _reset_signals() -> None:
    """Ignored signals would stay ignored in the program: Python itself ignores SIGPIPE."""
    for number in signal.valid_signals():
        if signal.getsignal(number) == signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _explain(
    stage: bytes, number: int, command: str, directory: str, environment: Mapping[str, str]
) -> str:
    reason = os.strerror(number)
    if stage == _DIRECTORY:
        return f"cannot enter the working directory {directory!r}: {reason}"
    message = f"cannot start {command!r}: {reason}"
    if number == errno.ENOENT and "/" not in command:
        return f"{message} in PATH={environment.get('PATH', os.defpath)!r}"
    if number == errno.ENOENT and os.path.exists(os.path.join(directory, command)):
        return f"{message}: the file is there, but not the interpreter that its first line names"
    if number == errno.ENOEXEC:
        return f"{message}: a script needs a first line such as '#!/bin/sh'"
    return message
