"""Make the volumes of an app ready for user nua, when its container starts."""

from __future__ import annotations

import errno
import json
import os
import stat
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from .accounts import Account

CONFIG = "/nua/metadata/nua-config.json"


def prepare_volumes(account: Account, config: str = CONFIG, root: str = "/") -> None:
    """Make the folders of the volumes that the configuration declares, and give nua the fresh ones.

    Fresh is a folder of root's that is empty, as engines make them. What has anything in it, or
    belongs to somebody else, is left as it is, whoever may write to it. Links are followed
    where only root can have made them. Whatever goes wrong is a warning on stderr: the app may
    do without.

    :param account: user nua; this process is root
    :param config: the normalized nua-config of the image
    :param root: the folder that targets are below, for tests
    """
    for target in _targets(_read(config)):
        try:
            _prepare(target, account, root)
        except OSError as error:
            print(f'nua: Prepare volume "{target}": {error.strerror}', file=sys.stderr)


# --- internal ---

#: Providers that are containers of their own, with their own volumes.
_CONTAINERS = ("docker-image", "app")
#: What file systems of their own have at their top.
_NO_DATA = {"lost+found"}
#: As many links on the way as Linux follows.
_MOST_LINKS = 40


def _read(config: str) -> Mapping[str, Any]:
    try:
        with open(config, encoding="utf-8") as file:
            content = json.load(file)
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _targets(config: Mapping[str, Any]) -> Iterator[str]:
    # Source: contract of the Nua orchestrator: it mounts the volumes of the app, and those of
    # the providers that are no containers, into the app's container.
    providers = [one for one in _tables(config, "provider") if one.get("type") not in _CONTAINERS]
    for owner in (config, *providers):
        for volume in _tables(owner, "volume"):
            target = volume.get("target")
            if isinstance(target, str) and target.startswith("/") and "\0" not in target:
                yield target


def _tables(owner: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    value = owner.get(key)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _prepare(target: str, account: Account, root: str) -> None:
    folder = _open_folder(target, account, root)
    if folder is None:
        return
    try:
        found = os.fstat(folder)
        is_fresh = found.st_uid == 0 and set(os.listdir(folder)) <= _NO_DATA
        # A tmpfs is everybody's.
        if is_fresh and not found.st_mode & stat.S_IWOTH:
            os.fchown(folder, account.uid, account.gid)
    finally:
        os.close(folder)


def _open_folder(target: str, account: Account, root: str) -> int | None:
    """The folder, made where it is missing; None where something else has the name.

    Name by name, since nua may write to a part of the way: what it put there must not lead
    this process, which is root, to another folder.
    """
    names = _names(target)
    folders = [_open(root)]
    links = 0
    try:
        while names:
            name = names.pop(0)
            if name == "..":
                if len(folders) > 1:
                    os.close(folders.pop())
                continue
            try:
                folders.append(_open_or_make(name, folders[-1], account))
            except NotADirectoryError:
                link = _link_of_root(name, folders[-1])
                if link is None:
                    return None
                links += 1
                if links > _MOST_LINKS:
                    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP)) from None
                while link.startswith("/") and len(folders) > 1:
                    os.close(folders.pop())
                names = [*_names(link), *names]
        return folders.pop() if len(folders) > 1 else None
    finally:
        for folder in folders:
            os.close(folder)


def _names(path: str) -> list[str]:
    return [name for name in path.split("/") if name not in ("", ".")]


def _open(name: str, folder: int | None = None) -> int:
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
    return os.open(name, flags, dir_fd=folder)


def _open_or_make(name: str, folder: int, account: Account) -> int:
    try:
        return _open(name, folder)
    except FileNotFoundError:
        os.mkdir(name, 0o755, dir_fd=folder)
    made = _open(name, folder)
    os.fchmod(made, 0o755)
    # A folder on the way belongs to who has the one above it.
    if os.fstat(folder).st_uid == account.uid:
        os.fchown(made, account.uid, account.gid)
    return made


def _link_of_root(name: str, folder: int) -> str | None:
    """Where a link leads; None for a file that is none.

    :raises OSError: when somebody else than root can have made it
    """
    if not stat.S_ISLNK(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
        return None
    above = os.fstat(folder)
    if above.st_uid != 0 or above.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise OSError(errno.ELOOP, f'"{name}" is a link that need not be root\'s')
    return os.readlink(name, dir_fd=folder)
