"""What /nua/scripts/start.py calls when the container starts, usually as PID 1 and root."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

from .accounts import Account, app_environment, nua_to_become
from .child import (
    FORWARDED_SIGNALS,
    Command,
    Ended,
    Hearers,
    hearers_of,
    pending_stop,
    run_child,
)
from .errors import NuaError
from .shell_line import bash_argv, is_simple_command, program_of

NOTHING_TO_START = 78
"""EX_CONFIG of sysexits.h."""


def run_app(
    start: Sequence[str],
    before_run: Sequence[str],
    cwd: str,
    rendered: Mapping[str, Any],
) -> NoReturn:
    """Make the volumes ready, install the configuration files, prepare, and become the app.

    Commands are lines for bash, run as user nua in ``cwd``. All but the last of ``start`` have
    to succeed, in order; the exit status of the last is that of the container.

    :param start: run.start of the nua-config
    :param before_run: run.before-run, which comes first
    :param rendered: what templates see, beside the environment
    """
    _end(lambda: _run(start, before_run, cwd, rendered))


def run_script(
    script: str, before_run: Sequence[str], cwd: str, rendered: Mapping[str, Any]
) -> NoReturn:
    """Install the configuration files, prepare, and run a start script of the package's.

    As PID 1 this process stays, and hands the signals that it gets to the script and to all
    that the script has started.

    :param script: a Python script; it runs as the user that runs this process, wherever that
        was started, as it would without preparation

    The other parameters are those of :func:`run_app`.
    """
    _end(lambda: _run_script(script, before_run, cwd, rendered))


def must_stay(line: str, pid: int) -> bool:
    """Whether this process has to stay as the parent of the app's last command.

    A line that needs its shell does, for the sake of signals. And so does any program as
    PID 1 that was not made for it: the kernel shields PID 1 from signals that it does not
    handle, and leaves it the orphans of everybody else to collect.
    """
    if not is_simple_command(line):
        return True
    return pid == 1 and os.path.basename(program_of(line) or "") not in _FIT_FOR_PID_1


# --- internal ---

# They handle SIGTERM and wait for any child, not only for their own.
_FIT_FOR_PID_1 = frozenset({"gunicorn", "nginx", "supervisord"})


def _end(work: Callable[[], int]) -> NoReturn:
    # Held back from here on, and looked at before each command: as PID 1, a signal that comes
    # in while nobody handles it would be lost, and `docker stop` would wait in vain.
    signal.pthread_sigmask(signal.SIG_BLOCK, FORWARDED_SIGNALS)
    try:
        sys.exit(work())
    except NuaError as error:
        _say(str(error))
        sys.exit(1)


def _run(
    start: Sequence[str], before_run: Sequence[str], cwd: str, rendered: Mapping[str, Any]
) -> int:
    if not start:
        _say(
            "Start the app: nothing to start; looked for run.start in the nua-config, for the "
            "script that run.start-script names, and for start.py in the folder nua and beside it"
        )
        return NOTHING_TO_START
    account = nua_to_become()
    _prepare_files(account, rendered)
    *first, last = start
    status = _prepare_all("run.before-run", before_run, cwd, account)
    status = status or _prepare_all("run.start", first, cwd, account)
    return status or _become(last, cwd, account)


def _run_script(
    script: str, before_run: Sequence[str], cwd: str, rendered: Mapping[str, Any]
) -> int:
    account = nua_to_become()
    _prepare_files(account, rendered)
    status = _prepare_all("run.before-run", before_run, cwd, account)
    if status != 0:
        return status
    argv = [sys.executable, script]
    # Few scripts handle signals, and as PID 1 a script that does not would never get them.
    if os.getpid() != 1:
        _exec(argv, os.environ)
    command = Command(
        argv=argv, env=dict(os.environ), cwd=os.getcwd(), account=None, hearers=Hearers.GROUP
    )
    return run_child(command, reap_orphans=True).status


def _prepare_files(account: Account | None, rendered: Mapping[str, Any]) -> None:
    # Imported here, when signals are held back already: what they need takes its time.
    from nua.agent.templates import render_config_templates

    from .volumes import prepare_volumes

    if account is not None:
        prepare_volumes(account)
    render_config_templates(rendered)


def _prepare_all(key: str, lines: Sequence[str], cwd: str, account: Account | None) -> int:
    """Run lines up to the first that fails. The status; 0 when all went well."""
    return next(filter(None, (_prepare(line, key, cwd, account) for line in lines)), 0)


def _prepare(line: str, key: str, cwd: str, account: Account | None) -> int:
    stop = pending_stop()
    if stop is not None:
        return 128 + stop
    ended = _run_line(line, cwd, account)
    if ended.stopped_by is not None:
        return 128 + ended.stopped_by
    if ended.status != 0:
        _say(f'Run "{line}" of {key}: exit status {ended.status}')
    return ended.status


def _become(line: str, cwd: str, account: Account | None) -> int:
    stop = pending_stop()
    if stop is not None:
        return 128 + stop
    if must_stay(line, os.getpid()):
        return _run_line(line, cwd, account).status
    _replace_process(line, cwd, account)


def _run_line(line: str, cwd: str, account: Account | None) -> Ended:
    command = Command(
        argv=bash_argv(line),
        env=app_environment(),
        cwd=cwd,
        account=account,
        hearers=hearers_of(line),
    )
    return run_child(command, reap_orphans=os.getpid() == 1)


def _replace_process(line: str, cwd: str, account: Account | None) -> NoReturn:
    argv, env = bash_argv(line), app_environment()
    try:
        os.chdir(cwd)
        if account is not None:
            os.setgroups(account.groups)
            os.setgid(account.gid)
            os.setuid(account.uid)
    except OSError as error:
        raise NuaError(f'Run "{line}" in "{cwd}": {error.strerror}') from error
    _exec(argv, env)


def _exec(argv: Sequence[str], env: Mapping[str, str]) -> NoReturn:
    # Python ignores these two, and what is ignored stays so in the app.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, set())
    os.execve(argv[0], argv, env)


def _say(message: str) -> None:
    print(f"nua: {message}", file=sys.stderr)
