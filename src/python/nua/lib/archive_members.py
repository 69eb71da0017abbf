"""The members of an archive that nobody vouches for, of whichever format."""

from __future__ import annotations

import os
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from lzma import LZMAError
from pathlib import Path
from typing import IO

from .errors import NuaError

#: What the readers of the standard library let through of a damaged file.
BROKEN = (
    *(tarfile.TarError, zipfile.BadZipFile, zlib.error, LZMAError, EOFError, struct.error),
    *(NotImplementedError, RuntimeError, ValueError, OverflowError, LookupError),
)


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


def read_members(archive: Path) -> Iterator[Entry]:
    """Read a tar or zip file, told by its content, member by member.

    :raises NuaError: for what no archive needs, and would take memory without bound
    :raises BROKEN: when it is damaged
    """
    with archive.open("rb") as file:
        is_zip = file.read(4) in _ZIP_MAGIC
    return _zip_entries(archive) if is_zip else _tar_entries(archive)


# --- internal ---

_ZIP_MAGIC = (b"PK\3\4", b"PK\5\6")

#: Bytes of a tar member's own header, extensions included: more than that is not a name.
_HEADER_LIMIT = 1024**2


class _TarInfo(tarfile.TarInfo):
    """A member whose header is read without taking whatever memory it asks for."""

    _EXTENSIONS = (
        *(tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE),
        *(tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK),
    )

    def _proc_member(self, tar: tarfile.TarFile) -> tarfile.TarInfo:
        if self.type in self._EXTENSIONS and not 0 <= self.size <= _HEADER_LIMIT:
            raise NuaError(f"an extended header claims {self.size} bytes")
        if self.size < 0:
            raise NuaError("its size is negative")
        return super()._proc_member(tar)  # type: ignore[misc]

    # The maps of sparse files are lists of any length.
    def _refuse_sparse(self, *_: object) -> tarfile.TarInfo:
        raise NuaError("refused, for it is a sparse file: pack it without --sparse")

    _proc_sparse = _proc_gnusparse_00 = _proc_gnusparse_01 = _proc_gnusparse_10 = _refuse_sparse


def _tar_entries(archive: Path) -> Iterator[Entry]:
    with tarfile.open(archive, tarinfo=_TarInfo) as tar:
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
            # It keeps what it has read, of as many members as there are.
            tar.members.clear()


def _zip_entries(archive: Path) -> Iterator[Entry]:
    with zipfile.ZipFile(archive) as file:
        for info in file.infolist():
            # Only Unix writes a mode there; it also marks the links, whose content is the target.
            mode = info.external_attr >> 16
            name = _zip_name(info)
            if stat.S_ISLNK(mode):
                yield Entry(name, "link", mode, _zip_target(file, info))
            else:
                source = lambda info=info: file.open(info)  # noqa: E731
                kind = "folder" if name.endswith("/") else "file"
                yield Entry(name, kind, mode or 0o644, open=source)


def _zip_name(info: zipfile.ZipInfo) -> str:
    # As unzip does: old programs on Windows write their own separator.
    is_windows = info.create_system in (_ZIP_FAT, _ZIP_NTFS) and "/" not in info.filename
    return info.filename.replace("\\", "/") if is_windows else info.filename


#: Systems that zip files were made on. Source: APPNOTE.TXT, 4.4.2.
_ZIP_FAT, _ZIP_NTFS = 0, 10


def _zip_target(file: zipfile.ZipFile, info: zipfile.ZipInfo) -> str:
    with file.open(info) as source:
        target = source.read(os.pathconf("/", "PC_PATH_MAX") + 1)
    return os.fsdecode(target)
