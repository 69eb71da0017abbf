"""Unpack a component of Rust's: ``unpack_component.py ARCHIVE FOLDER``.

Its archive has one folder, in that a file ``components`` with names of folders, and in those what
goes below a prefix. Source: rust-lang/rust-installer, "components". Documents stay out.
"""

from __future__ import annotations

import shutil
import sys
import tarfile
from pathlib import Path


def main(archive: str, folder: str) -> None:
    """Unpack all that goes below the prefix; nothing may land outside of it."""
    top = Path(folder).resolve()
    with tarfile.open(archive, "r:*") as tar:
        for member in tar:
            place = _place(member.name)
            if place is None:
                continue
            target = top / place
            if not target.parent.resolve().is_relative_to(top):
                sys.exit(f"{member.name!r} leads out of the folder")
            target.parent.mkdir(parents=True, exist_ok=True)
            if member.issym():
                _link(target, member, top)
            elif member.isfile():
                source = tar.extractfile(member)
                with target.open("wb") as file:
                    shutil.copyfileobj(source, file)
                target.chmod(0o755 if member.mode & 0o100 else 0o644)


def _link(target: Path, member: tarfile.TarInfo, top: Path) -> None:
    if not (target.parent / member.linkname).resolve().is_relative_to(top):
        sys.exit(f"{member.name!r} is a link out of the folder")
    target.symlink_to(member.linkname)


def _place(name: str) -> Path | None:
    """Without the folders of archive and component; None for what is not installed."""
    parts = Path(name).parts
    if ".." in parts or len(parts) < 4 or parts[2] not in {"bin", "lib", "libexec"}:
        return None
    return Path(*parts[2:])


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
