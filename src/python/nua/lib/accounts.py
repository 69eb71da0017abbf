"""Who runs: root, user nua, or somebody else that the container was started as."""

from __future__ import annotations

import os
import pwd
from collections.abc import Mapping
from dataclasses import dataclass

from .errors import NuaError

NUA = "nua"


@dataclass(frozen=True)
class Account:
    """A user of the image, with every group that a login would give."""

    name: str
    uid: int
    gid: int
    groups: tuple[int, ...]
    home: str


def find_account(name: str) -> Account | None:
    """Look a user up in the image's user database."""
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    groups = tuple(os.getgrouplist(name, entry.pw_gid))
    return Account(name, entry.pw_uid, entry.pw_gid, groups, entry.pw_dir)


def is_root() -> bool:
    """Whether this process may become any user."""
    return os.geteuid() == 0


def is_nua() -> bool:
    """Whether this process runs as user nua."""
    account = find_account(NUA)
    return account is not None and os.geteuid() == account.uid


def nua_to_become() -> Account | None:
    """The account to switch to before an app's command runs; None: run as who we are.

    Only root can become nua. A container started with ``--user`` runs its app as that user.

    :raises NuaError: when running as root in an image without a user nua
    """
    if not is_root():
        return None
    account = find_account(NUA)
    if account is None:
        raise NuaError('Run as user "nua": the image has no such user; create it with useradd')
    return account


def app_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of an app's command: the container's, ``extra``, and whose home it is."""
    env = {**os.environ, **(extra or {})}
    account = find_account(NUA)
    if account is not None and os.geteuid() in (0, account.uid):
        env.update(HOME=account.home, USER=account.name, LOGNAME=account.name)
    return env
