"""The processes of this machine, as /proc tells of them (proc(5))."""

from __future__ import annotations

from glob import glob
from pathlib import Path
from typing import NamedTuple


class Process(NamedTuple):
    """A process that has not ended."""

    pid: int
    #: The number of its parent.
    parent: int
    #: The number of its process group.
    group: int


def members_of(group: int) -> list[Process]:
    """The processes of a group, without the dead whom nobody has collected yet."""
    found = (_read(Path(path)) for path in glob("/proc/[0-9]*/stat"))
    return [process for process in found if process is not None and process.group == group]


# --- internal ---


def _read(stat: Path) -> Process | None:
    # The name before the last parenthesis may have anything in it.
    try:
        state, parent, group = stat.read_text(errors="replace").rpartition(")")[2].split()[:3]
    except (OSError, ValueError):
        return None
    return None if state in "ZX" else Process(int(stat.parent.name), int(parent), int(group))
