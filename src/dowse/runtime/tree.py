"""The processes of an attempt: finding all of them, and ending them.

On Linux the runner is a subreaper, so whatever the program starts stays below the runner, also
after a change of session or a double fork. Elsewhere the program's process group is added.
"""

from __future__ import annotations

from dowse.runtime import system

TYPE_CHECKING = False  # Importing typing would slow down the start of every runner.
if TYPE_CHECKING:
    import signal
    from collections.abc import Iterable, Sequence

    from dowse.runtime.system import Process
else:
    import _signal as signal  # The same numbers without the cost of their enums.


def living_members(root: int, group: int) -> list[Process]:
    """Everything below the process `root`, and everything in the process group `group`."""
    processes = system.list_processes()
    below = _below(processes, root)
    return [
        process
        for process in processes
        if (process.pid in below or process.group == group)
        and process.pid != root
        and not process.zombie
    ]


def living_leftovers(marks: Sequence[bytes], group: int | None) -> list[Process]:
    """What a vanished runner left: whatever bears the marks, all below it, and the group.

    `group` is the program's, None when it may have passed to strangers. An orphan that has left
    the group and has dropped its environment cannot be found any more.
    """
    processes = system.list_processes()
    wanted = {process.pid for process in system.list_marked(marks)}
    wanted.update(process.pid for process in processes if process.group == group)
    for pid in tuple(wanted):
        wanted |= _below(processes, pid)
    return [process for process in processes if process.pid in wanted and not process.zombie]


def ask_to_end(processes: Iterable[Process]) -> None:
    for process in processes:
        system.send_signal(process.pid, process.start, signal.SIGTERM)
        # A stopped process would see the request only after the grace.
        system.send_signal(process.pid, process.start, signal.SIGCONT)


def kill(processes: Iterable[Process]) -> None:
    for process in processes:
        system.send_signal(process.pid, process.start, signal.SIGKILL)


def _below(processes: Iterable[Process], root: int) -> set[int]:
    children: dict[int, list[int]] = {}
    for process in processes:
        children.setdefault(process.parent, []).append(process.pid)
    below: set[int] = set()
    queue = [root]
    while queue:
        for child in children.get(queue.pop(), ()):
            if child not in below:
                below.add(child)
                queue.append(child)
    return below
