"""Get the source of an app."""

from __future__ import annotations

import hashlib
import os
import re
import shlex
import shutil
import tempfile
import urllib.parse
import urllib.request
from pathlib import Path

from ..archive import Limits, unpack
from ..errors import NuaError
from ..shell import sh

SILENCE_SECONDS = 120
"""How long a server may say nothing."""


def download_extract(
    url: str,
    dest: str | os.PathLike[str],
    name: str = "",
    checksum: str = "",
    limits: Limits | None = None,
    merge: bool = False,
) -> Path:
    """Download an archive, check it and unpack it; the one folder that holds all is left out.

    Nothing is left behind when it fails.

    :param dest: the folder to make the source folder in
    :param name: of the source folder; by default that of the archive's top folder, or of the
        archive itself
    :param checksum: SHA-256 in hexadecimal, with or without ``sha256:``; empty: not checked
    :param limits: what the archive may become
    :param merge: whether the source folder may have something in it already: what the archive has
        of the same name takes its place
    :returns: the source folder
    :raises NuaError: when any of it fails, or the source folder has something in it already
    """
    parent = Path(dest)
    parent.mkdir(parents=True, exist_ok=True)
    expected = _parse_checksum(checksum)
    # In the same folder, hence on the same disk: renamed, not copied, when all is well.
    work = Path(tempfile.mkdtemp(prefix=".nua-", dir=parent))
    try:
        archive = work / (_file_name(url) or "archive")
        found = _download(url, archive)
        if expected and found != expected:
            raise NuaError(f'Check "{url}": expected SHA-256 {expected}, found {found}')
        tree = work / "tree"
        tree.mkdir()
        top = unpack(archive, tree, limits)
        default = _stem(archive.name) if top == tree else top.name
        target = parent / (name or default)
        if merge and _is_folder(target):
            _merge(top, target)
            return target
        return _move(top, target)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def install_source(
    url: str, dest_dir: str | os.PathLike[str], name: str = "", checksum: str = ""
) -> Path:
    """Get a source by address: a folder of this machine is used where it is.

    :returns: the source folder
    """
    if "://" not in url and Path(url).is_dir():
        return Path(url).resolve()
    return download_extract(url, dest_dir, name, checksum)


def install_git_source(
    url: str, branch: str, dest_dir: str | os.PathLike[str] = ".", name: str = ""
) -> Path:
    """Clone the last commit of a branch or tag of a git repository; git must be installed.

    :param name: of the source folder; by default that of the repository
    :returns: the source folder
    :raises SystemExit: when git fails
    """
    address = url.strip()
    default = address.rstrip("/").removesuffix(".git").rpartition("/")[2]
    folder = Path(dest_dir).resolve() / (name or default)
    words = ["git", "clone", "--depth", "1", "--branch", branch, "--", address, str(folder)]
    sh(shlex.join(words))
    return folder


# --- internal ---


def _parse_checksum(checksum: str) -> str:
    digest = checksum.strip().lower().removeprefix("sha256:")
    if digest and not re.fullmatch("[0-9a-f]{64}", digest):
        raise NuaError(f'Read checksum "{checksum}": expected 64 hexadecimal digits of SHA-256')
    return digest


def _file_name(url: str) -> str:
    return os.path.basename(urllib.parse.unquote(urllib.parse.urlsplit(url).path))


def _stem(file: str) -> str:
    return re.sub(r"(\.tar)?\.(tar|tgz|tbz2|txz|gz|bz2|xz|zip)$", "", file) or "source"


def _download(url: str, target: Path) -> str:
    digest = hashlib.sha256()
    try:
        request = urllib.request.Request(url, headers={"User-Agent": "nua"})
        with urllib.request.urlopen(request, timeout=SILENCE_SECONDS) as answer:
            with target.open("wb") as out:
                while block := answer.read(1 << 20):
                    digest.update(block)
                    out.write(block)
    except (OSError, ValueError) as error:
        raise NuaError(f'Download "{url}": {error}') from error
    return digest.hexdigest()


def _move(top: Path, target: Path) -> Path:
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise NuaError(f'Unpack into "{target}": it is there already; remove it first')
    top.chmod(0o755)
    target.parent.mkdir(parents=True, exist_ok=True)
    top.replace(target)
    return target


def _merge(top: Path, target: Path) -> None:
    """Move what is in a folder into another; no link that is there is followed."""
    for entry in sorted(top.iterdir()):
        place = target / entry.name
        if _is_folder(place):
            if _is_folder(entry):
                _merge(entry, place)
                continue
            shutil.rmtree(place)
        elif os.path.lexists(place):
            place.unlink()
        entry.replace(place)


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()
