"""The processes of this machine, as /proc tells of them (proc(5))."""

from __future__ import annotations

import re
from glob import glob
from pathlib import Path
from typing import NamedTuple


class Process(NamedTuple):
    """A process."""

    pid: int
    #: The number of its parent.
    parent: int
    #: The number of its process group.
    group: int
    #: R when it runs, S when it waits, T when it is stopped, Z when it has ended, …
    state: str
    #: Its words, each with a zero byte behind it; a fork has its parent's until it runs another
    #: program.
    words: bytes
    #: The signals that it handles itself: bit n - 1 stands for signal n.
    caught: int


def members_of(group: int) -> list[Process]:
    """The processes of a group, without the dead whom nobody has collected yet."""
    return [process for process in group_of(group) if process.state not in "ZX"]


def group_of(group: int) -> list[Process]:
    """The processes of a group, with the dead whom nobody has collected yet."""
    numbers = (int(path.rpartition("/")[2]) for path in glob("/proc/[0-9]*"))
    found = (_read(number, group) for number in numbers)
    return [process for process in found if process is not None]


# --- internal ---

_CAUGHT = re.compile(r"^SigCgt:\s*([0-9a-f]+)$", re.MULTILINE)


def _read(number: int, group: int) -> Process | None:
    folder = Path("/proc", str(number))
    try:
        # The name before the last parenthesis may have anything in it.
        stat = (folder / "stat").read_text(errors="replace").rpartition(")")[2].split()
        if int(stat[2]) != group:
            return None
        words = (folder / "cmdline").read_bytes()
        match = _CAUGHT.search((folder / "status").read_text(errors="replace"))
    except (OSError, ValueError, IndexError):
        return None
    caught = 0 if match is None else int(match[1], 16)
    return Process(number, int(stat[1]), group, stat[0], words, caught)
