"""The one module with calls that only Linux has, each with a plain fallback for other systems.

Without /proc, processes are listed by `ps`; without pidfd, a process is looked at by its pid.
Standard library only: the runner imports it.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # Importing typing would slow down the start of every runner.
if TYPE_CHECKING:
    import signal
    from collections.abc import Iterator, Sequence
else:
    import _signal as signal  # The same numbers without the cost of their enums.

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_FICLONE = 0x40049409

HAS_PROC = os.path.isfile("/proc/self/stat")
HAS_PIDFD = hasattr(os, "pidfd_open")


class Process:
    """A process at the moment it was looked at; `start` tells it from a later owner of its pid."""

    __slots__ = ("group", "parent", "pid", "start", "zombie")

    def __init__(self, *, pid: int, parent: int, group: int, start: str, zombie: bool) -> None:
        self.pid = pid
        self.parent = parent
        self.group = group
        self.start = start
        self.zombie = zombie


def processor() -> str:
    """What the processor calls itself, empty where the system does not tell."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as file:
            for line in file:
                name, _, value = line.partition(":")
                if name.strip() == "model name":
                    return " ".join(value.split())
    except OSError:
        pass
    return ""


def become_subreaper() -> bool:
    """Orphaned descendants become children of this process; False where that is not possible."""
    return _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def die_with_parent() -> bool:
    """This process gets KILL when its parent ends; False where that is not possible."""
    return _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def boot_id() -> str:
    """Differs after every start of the machine."""
    if HAS_PROC:
        return _read("/proc/sys/kernel/random/boot_id").decode().strip()
    return _output_of("sysctl", "-n", "kern.bootsessionuuid").strip()


def look_at(pid: int) -> Process | None:
    """None when there is no such process."""
    if HAS_PROC:
        return _from_stat(pid)
    return next(iter(list_by_ps("-p", str(pid))), None)


def list_processes() -> list[Process]:
    if not HAS_PROC:
        return list_by_ps("-ax")
    seen = (_from_stat(pid) for pid in _pids())
    return [process for process in seen if process is not None]


def list_marked(marks: Sequence[bytes]) -> list[Process]:
    """Living processes that were started with every one of these entries in their environment."""
    if not HAS_PROC:
        return list_marked_by_ps(marks)
    found = []
    for pid in _pids():
        try:
            environment = _read(f"/proc/{pid}/environ")
        except OSError:  # It has ended, or it is another user's.
            continue
        if marks[0] in environment and set(marks) <= set(environment.split(b"\0")):
            found.append(_from_stat(pid))
    return [process for process in found if process is not None and not process.zombie]


def send_signal(pid: int, start: str, number: int) -> bool:
    """Signal exactly this process: False, and no signal, when its pid now belongs to another."""
    if not HAS_PIDFD:
        return is_running(pid, start) and _kill(pid, number)
    handle = open_handle(pid, start)
    if handle is None:
        return False
    try:
        signal.pidfd_send_signal(handle, number)
    except (ProcessLookupError, PermissionError):
        return False
    finally:
        os.close(handle)
    return True


def open_handle(pid: int, start: str) -> int | None:
    """A pidfd, readable when the process ends; None when it is gone. Needs HAS_PIDFD."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return None
    # The handle was opened first: if the start still agrees, it cannot be a later process's.
    now = look_at(pid)
    if now is None or now.start != start:
        os.close(handle)
        return None
    return handle


def is_running(pid: int, start: str) -> bool:
    """Whether the process that had this pid and start is there and not a zombie."""
    process = look_at(pid)
    return process is not None and process.start == start and not process.zombie


def share_contents(source: int, target: int) -> bool:
    """Make an empty file a reflink of another; False where the file system knows none."""
    if sys.platform != "linux":
        return False
    import fcntl

    try:
        fcntl.ioctl(target, _FICLONE, source)
    except OSError:
        return False
    return True


def cpu_count() -> int:
    """CPUs that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def list_by_ps(*selection: str) -> list[Process]:
    """The fallback of `look_at` and `list_processes`."""
    text = _output_of("ps", *selection, "-o", "pid=,ppid=,pgid=,stat=,lstart=")
    rows = (line.split(None, 4) for line in text.splitlines())
    return [
        Process(
            pid=int(pid),
            parent=int(parent),
            group=int(group),
            start=start.strip(),
            zombie=state.startswith("Z"),
        )
        for pid, parent, group, state, start in rows
    ]


def list_marked_by_ps(marks: Sequence[bytes]) -> list[Process]:
    """The fallback of `list_marked`: `ps` writes the environment behind the command."""
    everything = ("-axE",) if sys.platform == "darwin" else ("axe",)
    text = _output_of("ps", *everything, "-ww", "-o", "pid=,args=")
    wanted = [mark.decode("utf-8", "replace") for mark in marks]
    pids = {
        int(line.split(None, 1)[0])
        for line in text.splitlines()
        if all(mark in line for mark in wanted)
    }
    return [process for process in list_by_ps("-ax") if process.pid in pids and not process.zombie]


def _pids() -> Iterator[int]:
    return (int(name) for name in os.listdir("/proc") if name.isdigit())


def _from_stat(pid: int) -> Process | None:
    try:
        text = _read(f"/proc/{pid}/stat")
    except OSError:
        return None
    # The command stands in brackets and may itself hold brackets and spaces.
    fields = text[text.rindex(b")") + 2 :].split()
    return Process(
        pid=pid,
        parent=int(fields[1]),
        group=int(fields[2]),
        start=fields[19].decode(),
        zombie=fields[0] in (b"Z", b"X"),
    )


def _read(path: str) -> bytes:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        pieces = []
        while piece := os.read(descriptor, 65536):
            pieces.append(piece)
        return b"".join(pieces)
    finally:
        os.close(descriptor)


def _kill(pid: int, number: int) -> bool:
    try:
        os.kill(pid, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _prctl(option: int, value: int) -> bool:
    if sys.platform != "linux":
        return False
    import ctypes

    return bool(ctypes.CDLL(None).prctl(option, value, 0, 0, 0) == 0)


def _output_of(*command: str) -> str:
    import subprocess

    result = subprocess.run(
        command, capture_output=True, check=False, encoding="utf-8", errors="replace"
    )
    return result.stdout
