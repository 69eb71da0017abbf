"""Hold a shell at a moment at which neither it nor what it starts loses a signal."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

from .processes import Process, group_of


@contextmanager
def held_shell(shell: int) -> Iterator[None]:
    """Stop a shell while its group is sent a signal, and let it go on afterwards.

    Bash looks for signals between commands. One that comes after that look waits until the
    next command has ended, which may be the app, and which has not heard of it; and one that
    comes to a fork of bash's before it is the command is forgotten. So this waits until the
    shell waits for commands that are themselves by then, and stops it there: those commands
    get the signal, and the shell looks for it as soon as they end.

    A shell that does not come to such a moment in a while, a fifth of a second on a machine that
    has the time, is left as it is.

    :param shell: the number of the shell's process, and of its group
    """
    held = _hold(shell)
    try:
        yield
    finally:
        if held:
            _try_signal(shell, signal.SIGCONT)


# --- internal ---

# Counted, not timed: where everything is slow, the shell needs longer as well.
_LOOKS = 80
_LOOK_AGAIN = 0.001


def _hold(shell: int) -> bool:
    for _ in range(_LOOKS):
        children = _awaited(shell, "S")
        if children is not None:
            if not _try_signal(shell, signal.SIGSTOP):
                return False
            # Nothing has ended meanwhile, so that the shell was waiting all the time.
            if _has_stopped(shell) and _awaited(shell, "T") == children:
                return True
            _try_signal(shell, signal.SIGCONT)
        time.sleep(_LOOK_AGAIN)
    return False


def _awaited(shell: int, state: str) -> frozenset[int] | None:
    """The shell's children; None when it is in another state, or at work on one of them."""
    group = group_of(shell)
    leader = next((process for process in group if process.pid == shell), None)
    if leader is None or leader.state != state:
        return None
    children = [process for process in group if process.parent == shell]
    if any(child.state in "ZX" or _is_fork_of(leader, child) for child in children):
        return None
    return frozenset(child.pid for child in children)


def _is_fork_of(shell: Process, child: Process) -> bool:
    # A subshell, which stays a fork, has the same words, but gives up its parent's traps.
    return child.words == shell.words and child.caught == shell.caught


def _has_stopped(shell: int) -> bool:
    for _ in range(_LOOKS):
        leader = next((process for process in group_of(shell) if process.pid == shell), None)
        if leader is None:
            return False
        if leader.state == "T":
            return True
        time.sleep(_LOOK_AGAIN)
    return False


def _try_signal(process: int, number: int) -> bool:
    try:
        os.kill(process, number)
    except OSError:
        return False
    return True
