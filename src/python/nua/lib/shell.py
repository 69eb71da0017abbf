"""Shell lines and small file operations, for build scripts and start scripts."""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from .child import TIMED_OUT, Command, hearers_of, run_child
from .exec import end_if_stopped
from .owners import give
from .shell_line import bash_argv

PathLike = str | os.PathLike[str]


def sh(
    cmd: str,
    timeout: float | None = 600,
    env: Mapping[str, str] | None = None,
    show_cmd: bool = True,
    capture_output: bool = False,
    cwd: PathLike | None = None,
) -> str | None:
    """Run a line in bash as the current user; the script ends when the line fails.

    :param timeout: seconds; None waits for ever
    :param env: variables to add to the environment
    :param show_cmd: print the line on stderr before it runs
    :param capture_output: return what the line prints on stdout
    :returns: the captured text, else None
    :raises SystemExit: with the exit status of the line, 124 when it ran for too long
    """
    if show_cmd:
        print(f"$ {cmd}", file=sys.stderr)
    sys.stdout.flush()
    with tempfile.TemporaryFile() as captured:
        command = Command(
            argv=bash_argv(cmd),
            env=None if env is None else {**os.environ, **env},
            cwd=cwd,
            stdout=captured if capture_output else None,
            timeout=timeout,
            hearers=hearers_of(cmd),
        )
        status = end_if_stopped(run_child(command)).status
        captured.seek(0)
        output = captured.read().decode(errors="replace")
    if status != 0:
        sys.stderr.write(output)
        why = f"no end after {timeout} seconds" if status == TIMED_OUT else f"exit status {status}"
        print(f'nua: Run "{cmd}": {why}', file=sys.stderr)
        sys.exit(status)
    return output if capture_output else None


def mkdir_p(path: PathLike) -> None:
    """Create a folder and its parents; it may be there already."""
    Path(path).mkdir(parents=True, exist_ok=True)


def rm_fr(path: PathLike) -> None:
    """Remove a file, a link or a whole folder; it may be gone already."""
    target = Path(path)
    if target.is_dir() and not target.is_symlink():
        shutil.rmtree(target)
    else:
        target.unlink(missing_ok=True)


def chown_r(path: PathLike, user: str | int, group: str | int | None = None) -> None:
    """Give a file, or a folder and all below it, to a user. Links are given, not followed.

    Programs keep their capabilities.

    :param group: a name or number; by default the group named like the user, else his own
    :raises LookupError: when there is no such user or group
    """
    uid, gid = _uid(user), _gid(user if group is None else group, user)
    for entry in _walk(Path(path)):
        give(entry, uid, gid)


def chmod_r(path: PathLike, file_mode: int, dir_mode: int | None = None) -> None:
    """Set the mode of a file, or of a folder and all below it. Links are left alone.

    :param dir_mode: by default ``file_mode``, searchable by those who may read
    """
    folders = file_mode | (file_mode & 0o444) >> 2 if dir_mode is None else dir_mode
    # Deepest first: a folder whose new mode shuts us out is no longer needed then.
    for entry in reversed(list(_walk(Path(path)))):
        mode = entry.lstat().st_mode
        if not stat.S_ISLNK(mode):
            entry.chmod(folders if stat.S_ISDIR(mode) else file_mode)


# --- internal ---


def _walk(path: Path) -> Iterator[Path]:
    yield path
    if path.is_dir() and not path.is_symlink():
        for entry in sorted(path.iterdir()):
            yield from _walk(entry)


def _uid(user: str | int) -> int:
    return user if isinstance(user, int) else pwd.getpwnam(user).pw_uid


def _gid(group: str | int, user: str | int) -> int:
    if isinstance(group, int):
        return group
    try:
        return grp.getgrnam(group).gr_gid
    except KeyError:
        if group != user:
            raise
        return pwd.getpwnam(group).pw_gid
