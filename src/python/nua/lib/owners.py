"""Give files to another user, with the capabilities that they have."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Sequence

from .accounts import find_account

_CAPABILITIES = "security.capability"


def give(path: str | os.PathLike[str], uid: int, gid: int) -> None:
    """Change the owner of a file, a folder or a link itself.

    The kernel takes a program's capabilities with each change of its owner, so they are set
    again. What already belongs to them is not touched.

    :raises OSError: when the process may not do either
    """
    found = os.lstat(path)
    if (found.st_uid, found.st_gid) == (uid, gid):
        return
    capabilities = _capabilities(path) if stat.S_ISREG(found.st_mode) else None
    os.lchown(path, uid, gid)
    if capabilities is not None:
        os.setxattr(path, _CAPABILITIES, capabilities, follow_symlinks=False)


def main(words: Sequence[str]) -> None:
    """Give files to a user: the user's name, then the files.

    A program that runs as its owner stays with it: it would be another program.

    :raises SystemExit: with what went wrong
    """
    name, *paths = words
    account = find_account(name)
    if account is None:
        sys.exit(f'nua: Give files to "{name}": the image has no such user')
    for path in paths:
        try:
            mode = os.lstat(path).st_mode
            if not (stat.S_ISREG(mode) and mode & (stat.S_ISUID | stat.S_ISGID)):
                give(path, account.uid, account.gid)
        except OSError as error:
            sys.exit(f'nua: Give "{path}" to "{name}": {error.strerror}')


# --- internal ---


def _capabilities(path: str | os.PathLike[str]) -> bytes | None:
    try:
        return os.getxattr(path, _CAPABILITIES, follow_symlinks=False)
    except OSError as error:
        if error.errno in (errno.ENODATA, errno.ENOTSUP):
            return None
        raise


if __name__ == "__main__":
    main(sys.argv[1:])
