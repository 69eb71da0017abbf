"""Unpack an archive that nobody vouches for: nothing of it may land outside its folder."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from .archive_members import BROKEN, Entry, read_members
from .errors import NuaError


@dataclass(frozen=True)
class Limits:
    """What an archive may become."""

    #: Of all files together.
    size: int = 16384 * 10**6
    #: Files, folders and links together.
    files: int = 200_000


def unpack(archive: Path, folder: Path, limits: Limits | None = None) -> Path:
    """Unpack a tar (plain, gzip, bzip2 or xz) or zip file, told by its content, into a folder.

    Refused, by name: members and links that lead outside, devices, pipes. Files keep their
    mode, less what lets others write or grants somebody's rights.

    :param folder: one that is there and empty
    :returns: the one folder that holds all, or else ``folder``: no link leads out of it
    :raises NuaError: naming the archive, and the member when one is to blame
    """
    entry: Entry | None = None
    writer = _Writer(folder, _Count(limits or Limits(), archive.stat().st_size))
    try:
        for entry in read_members(archive):
            writer.add(entry)
        # Links come last, so that no file was ever written through one.
        for entry, path in writer.links():
            writer.link(entry, path)
        top = _top_folder(folder)
        for entry, path in writer.links():
            _refuse_way_out(path, top)
    except (NuaError, OSError, *BROKEN) as error:
        place = f'"{archive.name}"' if entry is None else f'"{entry.name}" of "{archive.name}"'
        raise NuaError(f"Unpack {place}: {error}") from error
    return top


# --- internal ---

#: As the host has it: a source may be so much more than its archive, and no more.
_ALLOWANCE, _RATIO = 256 * 1024**2, 200

#: Where links lead over links for longer than that, nothing follows them (Linux, path_resolution(7)).
_LINK_LIMIT = 40


class _Count:
    """What has been unpacked so far, whatever the archive says of itself."""

    def __init__(self, limits: Limits, archive_size: int) -> None:
        self.limits = limits
        self.size_left = min(limits.size, _ALLOWANCE + _RATIO * archive_size)
        self.files_left = limits.files

    def add_file(self) -> None:
        self.files_left -= 1
        if self.files_left < 0:
            raise NuaError(f"it has more than {self.limits.files} files")

    def add_bytes(self, size: int) -> None:
        self.size_left -= size
        if self.size_left < 0:
            raise NuaError("unpacked it is larger than it may be")


class _Writer:
    """Writes into a folder of its own: each file anew, and no link before all else is there."""

    def __init__(self, folder: Path, count: _Count) -> None:
        self._folder = folder
        self._count = count
        self._links: dict[Path, Entry] = {}
        #: Those that are known to be folders: none is removed, so none becomes a link.
        self._folders = {folder}

    def links(self) -> list[tuple[Entry, Path]]:
        return [(entry, path) for path, entry in self._links.items()]

    def add(self, entry: Entry) -> None:
        path = self._folder / _inside(entry.name)
        if entry.kind != "folder" or path in self._folders:
            self._count.add_file()
        if path == self._folder:
            if entry.kind != "folder":
                raise NuaError("refused, for it has no name")
            return
        # As tar does: of two members with one name, the later one stays.
        self._links.pop(path, None)
        if entry.kind == "link":
            self._links[path] = entry
        elif entry.kind == "folder":
            self._ensure_folder(path)
        else:
            self._make_way(path)
            self._create(entry, path)

    def link(self, entry: Entry, path: Path) -> None:
        if os.path.isabs(entry.target):
            raise NuaError(f'refused, for it links to "{entry.target}"')
        self._make_way(path)
        path.symlink_to(entry.target)

    def _make_way(self, path: Path) -> None:
        self._ensure_folder(path.parent)
        # Of a link the link itself; a folder stays, and is an error.
        path.unlink(missing_ok=True)

    def _ensure_folder(self, path: Path) -> None:
        """Each is made here, one in the other: so no link is on the way."""
        if path in self._folders:
            return
        self._ensure_folder(path.parent)
        self._count.add_file()
        # It fails for what is there already, by whatever name the file system takes for this one.
        path.mkdir()
        self._folders.add(path)

    def _create(self, entry: Entry, path: Path) -> None:
        if entry.kind == "twin":
            target = self._folder / _inside(entry.target)
            if not stat.S_ISREG(target.lstat().st_mode):
                raise NuaError("refused, for it is a link to what is no file")
            os.link(target, path, follow_symlinks=False)
        elif entry.kind == "file" and (source := entry.open()) is not None:
            with source, path.open("xb") as out:
                while block := source.read(1 << 20):
                    self._count.add_bytes(len(block))
                    out.write(block)
            path.chmod(entry.mode & 0o755 | 0o600)
        else:
            raise NuaError("refused, for it is neither file, folder nor link")


def _inside(name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise NuaError("refused, for its name leads outside")
    return path


def _top_folder(tree: Path) -> Path:
    entries = list(tree.iterdir())
    if len(entries) == 1 and entries[0].is_dir() and not entries[0].is_symlink():
        return entries[0]
    return tree


def _refuse_way_out(path: Path, root: Path) -> None:
    """Go where a link leads, step by step: no step of the way may be outside."""
    # Only the finished tree tells where that is, since links may lead over links.
    at, ahead, followed = path.parent, [path.name], 0
    while ahead:
        name = ahead.pop()
        if name == "..":
            if at == root:
                raise NuaError(f'refused, for it links to "{os.readlink(path)}", which is outside')
            at = at.parent
        # In a circle nothing follows them; what takes a path for its text may go on.
        elif followed <= _LINK_LIMIT and (at / name).is_symlink():
            followed += 1
            ahead += reversed(PurePosixPath(os.readlink(at / name)).parts)
        else:
            at = at / name
