"""Unpack an archive that nobody vouches for: nothing of it may land outside its folder."""

from __future__ import annotations

import os
import shutil
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from .errors import NuaError


def unpack(archive: Path, folder: Path) -> None:
    """Unpack a tar (plain, gzip, bzip2 or xz) or zip file, told by its content, into a folder.

    Refused, by name: members and links that lead outside, devices, pipes. Files keep their
    mode, less what lets others write or grants somebody's rights.

    :raises NuaError: naming the archive, and the member when one is to blame
    """
    entry: Entry | None = None
    links: list[tuple[Entry, Path]] = []
    try:
        for entry in _entries(archive):
            path = folder / _inside(entry.name)
            if entry.kind == "link":
                links.append((entry, path))
            elif path != folder:
                _create(entry, path, folder)
        # Links come last, so that no file was ever written through one.
        for entry, path in links:
            _symlink(entry, path)
        for entry, path in links:
            _refuse_way_out(path, folder)
    except (NuaError, OSError, RuntimeError, *_BROKEN) as error:
        place = f'"{archive.name}"' if entry is None else f'"{entry.name}" of "{archive.name}"'
        raise NuaError(f"Unpack {place}: {error}") from error


# --- internal ---

_BROKEN = (tarfile.TarError, zipfile.BadZipFile, EOFError, NotImplementedError)
_ZIP_MAGIC = (b"PK\3\4", b"PK\5\6")


@dataclass(frozen=True)
class Entry:
    """A member of an archive, of whichever format."""

    name: str
    #: "file", "folder", "link" (symbolic), "twin" (a hard link), or "other".
    kind: str
    mode: int
    #: What a link points to; the name of the member that a twin is the same file as.
    target: str = ""
    open: Callable[[], IO[bytes] | None] = lambda: None


def _entries(archive: Path) -> Iterator[Entry]:
    with archive.open("rb") as file:
        is_zip = file.read(4) in _ZIP_MAGIC
    return _zip_entries(archive) if is_zip else _tar_entries(archive)


def _tar_entries(archive: Path) -> Iterator[Entry]:
    with tarfile.open(archive) as tar:
        for member in tar:
            kinds = (
                ("file", member.isreg()),
                ("folder", member.isdir()),
                ("link", member.issym()),
                ("twin", member.islnk()),
            )
            kind = next((kind for kind, matches in kinds if matches), "other")
            source = lambda member=member: tar.extractfile(member)  # noqa: E731
            yield Entry(member.name, kind, member.mode, member.linkname, source)


def _zip_entries(archive: Path) -> Iterator[Entry]:
    with zipfile.ZipFile(archive) as file:
        for info in file.infolist():
            # Only Unix writes a mode there; it also marks the links, whose content is the target.
            mode = info.external_attr >> 16
            if stat.S_ISLNK(mode):
                yield Entry(info.filename, "link", mode, os.fsdecode(file.read(info)))
            else:
                source = lambda info=info: file.open(info)  # noqa: E731
                kind = "folder" if info.is_dir() else "file"
                yield Entry(info.filename, kind, mode or 0o644, open=source)


def _inside(name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise NuaError("refused, for its name leads outside")
    return path


def _create(entry: Entry, path: Path, folder: Path) -> None:
    if entry.kind == "folder":
        path.mkdir(parents=True, exist_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    # As tar does: of two members with one name, the later one stays.
    path.unlink(missing_ok=True)
    if entry.kind == "twin":
        os.link(folder / _inside(entry.target), path, follow_symlinks=False)
    elif entry.kind == "file" and (source := entry.open()) is not None:
        with source, path.open("xb") as out:
            shutil.copyfileobj(source, out)
        path.chmod(entry.mode & 0o755 | 0o600)
    else:
        raise NuaError("refused, for it is neither file, folder nor link")


def _symlink(entry: Entry, path: Path) -> None:
    if os.path.isabs(entry.target):
        raise NuaError(f'refused, for it links to "{entry.target}"')
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_symlink():
        path.unlink()
    path.symlink_to(entry.target)


def _refuse_way_out(path: Path, folder: Path) -> None:
    # Only the finished tree tells where a link leads, since links may lead over links.
    root = folder.resolve()
    end = Path(os.path.realpath(path))
    if end != root and root not in end.parents:
        raise NuaError(f'refused, for it links to "{os.readlink(path)}", which is outside')
