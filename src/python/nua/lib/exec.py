"""Run a command of an app as root or as user nua, from a build script or a start script.

Both functions give the command's exit status back and never raise for it: look at it. While
they wait, SIGTERM and its like are forwarded, so that a start script that ends with one of
them stops when its container is stopped; the script then ends with the command's status.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Mapping, Sequence
from subprocess import DEVNULL

from .accounts import app_environment, is_root, nua_to_become
from .child import Command, Ended, Hearers, hearers_of, run_child
from .shell_line import bash_argv

Cwd = str | os.PathLike[str] | Mapping[str, str] | None
"""A folder. Older start scripts pass their environment in this place; that is understood."""


def exec_as_root(
    cmd: str | Sequence[str],
    cwd: Cwd = None,
    env: Mapping[str, str] | None = None,
    timeout: float | None = None,
    show_cmd: bool = True,
) -> int:
    """Run a command as root, without a shell, and return its exit status.

    :param cmd: one command with its arguments, split like a shell would, or the list of them
    :param cwd: the folder to run in; the current one by default
    :param env: the whole environment of the command; that of this process by default
    :param timeout: seconds, after which the command is ended and 124 returned
    :param show_cmd: False throws away what the command prints on stdout
    """
    folder, added = _folder_and_env(cwd)
    argv = _argv(cmd)
    return _status(
        Command(
            argv=argv if is_root() else ["sudo", "-n", "--", *argv],
            env=env if env is not None or not added else {**os.environ, **added},
            cwd=folder,
            timeout=timeout,
            stdout=None if show_cmd else DEVNULL,
        )
    )


def exec_as_nua(
    cmd: str | Sequence[str],
    cwd: Cwd = None,
    env: Mapping[str, str] | None = None,
    timeout: float | None = None,
    show_cmd: bool = True,
) -> int:
    """Run a command as user nua and return its exit status.

    As root, a string is a whole line for bash, of which every part runs as nua. A list is one
    command, never given to a shell; nor is anything when this process is nua already.

    :param env: variables to add to the environment; HOME is nua's in any case
    :raises NuaError: when the image has no user nua

    The other parameters are those of :func:`exec_as_root`.
    """
    folder, added = _folder_and_env(cwd)
    account = nua_to_become()
    line = cmd if isinstance(cmd, str) and account is not None else None
    return _status(
        Command(
            argv=_argv(cmd) if line is None else bash_argv(line),
            env=app_environment({**added, **(env or {})}),
            cwd=folder,
            account=account,
            timeout=timeout,
            stdout=None if show_cmd else DEVNULL,
            hearers=Hearers.CHILD if line is None else hearers_of(line),
        )
    )


def end_if_stopped(ended: Ended) -> Ended:
    """End the script when it was asked to stop while a command ran.

    :raises SystemExit: with the status of the command
    """
    if ended.stopped_by is not None:
        sys.exit(ended.status)
    return ended


# --- internal ---


def _argv(cmd: str | Sequence[str]) -> list[str]:
    return shlex.split(cmd) if isinstance(cmd, str) else [str(word) for word in cmd]


def _folder_and_env(cwd: Cwd) -> tuple[str | os.PathLike[str] | None, Mapping[str, str]]:
    return (None, cwd) if isinstance(cwd, Mapping) else (cwd or None, {})


def _status(command: Command) -> int:
    sys.stdout.flush()
    return end_if_stopped(run_child(command)).status
