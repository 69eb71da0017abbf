"""Run one command as a child that gets the signals which the container gets."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from enum import Enum, auto
from typing import IO

from .accounts import Account
from .held_shell import held_shell
from .processes import Process, members_of
from .shell_line import is_simple_command

STOP_SIGNALS = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT})
"""Signals that ask for the end; 128 + n is then the status of whoever obeys."""

FORWARDED_SIGNALS = STOP_SIGNALS | {signal.SIGUSR1, signal.SIGUSR2, signal.SIGWINCH}

TIMED_OUT = 124
"""The status of a command that ran for too long, as timeout(1) has it."""


class Hearers(Enum):
    """Who hears the signals that come in while a command runs."""

    CHILD = auto()
    #: The whole process group, where a shell stands between us and the app.
    GROUP = auto()
    #: Whatever the shell still starts after it was told to stop, too.
    GROUP_AS_IT_GROWS = auto()


def hearers_of(line: str) -> Hearers:
    """Who has to hear signals when ``bash_argv(line)`` runs.

    A shell that is told to stop just before it starts a command starts it all the same, and
    waits for it. That command has to be told as well; unless the line has a trap of its own,
    which may well start something in order to clean up.
    """
    if is_simple_command(line):
        return Hearers.CHILD
    return Hearers.GROUP if "trap" in line else Hearers.GROUP_AS_IT_GROWS


@dataclass(frozen=True)
class Command:
    """A command to run. ``account`` None: as the user that runs this process."""

    argv: Sequence[str]
    env: Mapping[str, str] | None = None
    cwd: str | os.PathLike[str] | None = None
    account: Account | None = None
    stdout: IO[bytes] | int | None = None
    #: Seconds.
    timeout: float | None = None
    hearers: Hearers = Hearers.CHILD


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    #: Its exit status; 128 + n when signal n killed it, 126 or 127 when it could not start.
    status: int
    #: The last signal asking for the end that was forwarded meanwhile.
    stopped_by: int | None = None


def run_child(command: Command, *, reap_orphans: bool = False) -> Ended:
    """Run a command to its end, forwarding signals to it.

    :param reap_orphans: collect every child that ends, as PID 1 has to. Not for scripts that
        have children of their own: their statuses would be lost.
    """
    # Blocked signals wait for us in the kernel, even for PID 1, whose unhandled ones are
    # otherwise dropped: no handler, and no moment at which one could be missed.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _WATCHED)
    try:
        try:
            process = _start(command)
        except OSError as error:
            return Ended(_explain(command, error))
        return _Watch(command, process, reap_orphans).until_end()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def pending_stop() -> int | None:
    """A signal asking for the end that has come in while signals were blocked."""
    return next(iter(sorted(signal.sigpending() & STOP_SIGNALS)), None)


# --- internal ---

_WATCHED = FORWARDED_SIGNALS | {signal.SIGCHLD}
# SIGCHLD wakes us; the rest is for what gives no signal, such as the end of a grandchild.
_LOOK_AGAIN = 0.5
_LOOK_AGAIN_SOON = 0.02
_GRACE_SECONDS = 5.0


def _start(command: Command) -> subprocess.Popen[bytes]:
    account = command.account
    return subprocess.Popen(
        list(command.argv),
        env=None if command.env is None else dict(command.env),
        cwd=command.cwd,
        stdout=command.stdout,
        user=None if account is None else account.uid,
        group=None if account is None else account.gid,
        extra_groups=None if account is None else list(account.groups),
        start_new_session=True,
        preexec_fn=_unblock_signals,
    )


def _unblock_signals() -> None:
    signal.pthread_sigmask(signal.SIG_SETMASK, set())


def _explain(command: Command, error: OSError) -> int:
    missing = isinstance(error, FileNotFoundError)
    print(f'nua: Run "{command.argv[0]}": {error.strerror}: {error.filename}', file=sys.stderr)
    return 127 if missing else 126


class _Watch:
    """The wait for one child."""

    def __init__(
        self, command: Command, process: subprocess.Popen[bytes], reap_orphans: bool
    ) -> None:
        self.process = process
        self.to_group = command.hearers is not Hearers.CHILD
        self.is_shell = self.to_group and os.path.basename(command.argv[0]) == "bash"
        self.to_latecomers = command.hearers is Hearers.GROUP_AS_IT_GROWS
        self.reap_orphans = reap_orphans
        self.deadline = None if command.timeout is None else time.monotonic() + command.timeout
        self.stopped_by: int | None = None
        self.timed_out = False
        #: Who has been told to stop, by the process's number.
        self.told: set[int] = set()
        #: Children of the shell that were seen after that.
        self.late: set[int] = set()

    def until_end(self) -> Ended:
        while not self._has_ended():
            watches = self.stopped_by is not None and self.to_latecomers
            self._handle_next_signal(_LOOK_AGAIN_SOON if watches else _LOOK_AGAIN)
            if watches:
                self._tell_latecomers()
            self._enforce_deadline()
        # The shell may be gone before the app that it was asked to stop: let that finish too.
        while self.stopped_by is not None and self.to_group and self._living():
            self._handle_next_signal(_LOOK_AGAIN_SOON)
        code = self.process.returncode
        status = TIMED_OUT if self.timed_out else 128 - code if code < 0 else code
        return Ended(status, self.stopped_by)

    def _has_ended(self) -> bool:
        if not self.reap_orphans:
            return self.process.poll() is not None
        self._reap()
        return self.process.returncode is not None

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if pid == self.process.pid:
                self.process.returncode = os.waitstatus_to_exitcode(status)

    def _handle_next_signal(self, patience: float) -> None:
        if self.deadline is not None:
            patience = min(patience, max(0.0, self.deadline - time.monotonic()))
        info = signal.sigtimedwait(_WATCHED, patience)
        if info is None or info.si_signo == signal.SIGCHLD:
            return
        if info.si_signo not in STOP_SIGNALS:
            self._send(info.si_signo, to_group=self.to_group)
            return
        self.stopped_by = info.si_signo
        with held_shell(self.process.pid) if self.is_shell else nullcontext():
            # Before, not after: who comes in between is told twice, in place of never.
            if self.to_latecomers:
                self.told = {process.pid for process in self._living()}
            self._send(info.si_signo, to_group=self.to_group)

    def _tell_latecomers(self) -> None:
        assert self.stopped_by is not None
        late = {
            process.pid
            for process in self._living()
            if process.parent == self.process.pid and process.pid not in self.told
        }
        # Seen twice: at first it may still be the shell's copy, which loses what it is told.
        for pid in late & self.late:
            self.told.add(pid)
            self._signal(pid, self.stopped_by)
        self.late = late

    def _enforce_deadline(self) -> None:
        if self.deadline is None or time.monotonic() < self.deadline:
            return
        # The first deadline asks, the second one does not.
        self._send(signal.SIGKILL if self.timed_out else signal.SIGTERM, to_group=True)
        self.timed_out = True
        self.deadline = time.monotonic() + _GRACE_SECONDS

    def _send(self, number: int, *, to_group: bool) -> None:
        self._signal(-self.process.pid if to_group else self.process.pid, number)

    def _signal(self, target: int, number: int) -> None:
        try:
            os.kill(target, number)
        except ProcessLookupError:
            pass
        except PermissionError:
            # Behind sudo the app is root's, and only root may signal it.
            argv = ["sudo", "-n", "kill", f"-{number}", "--", str(target)]
            subprocess.run(argv, check=False, preexec_fn=_unblock_signals)

    def _living(self) -> list[Process]:
        if self.reap_orphans:
            self._reap()
        return members_of(self.process.pid)
