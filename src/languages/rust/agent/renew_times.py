"""Make Cargo see what has changed since the last build.

    renew_times.py TARGET [--built] [--top=FOLDER] [--program=NAME…] [NAME…]

Cargo takes a file of the app's for changed when it is younger than what was made of it. Those of a
build context are as old as they were wherever they come from, or as new as the context; with an
edit a file may get older. So what differs by its content is made new, and all else old; and all of
it is new where something else than a source differs: what macros take in (rust-embed, include_dir!)
and what build.rs reads, Cargo does not know.

What is noted of the last build goes before the next one begins, and comes back when that is done
(``--built``): one that fails has compiled what the one after it need not have any more. Folders with one of the names are
large, and nothing of them is compiled. FOLDER is above the current one where packages of the app's are beside that.
A PROGRAM that the last build has not made may be there from one before: what has changed since then, nobody has noted.
Source: The Cargo Book, "Build cache"; cargo's module ``fingerprint``.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

# Before anything was compiled: 1980, as archives have it.
OLD = 315_619_200
# What is built, beside the digests of files.
PROGRAMS = "programs"


def main(target: str, options: list[str]) -> None:
    """Renew what has changed in the app's folder, or note that all is built."""
    folder = Path(target)
    done = "--built" in options
    top = ([one[6:] for one in options if one.startswith("--top=")] or ["."])[0]
    programs = sorted(one[10:] for one in options if one.startswith("--program="))
    skipped = {one for one in options if not one.startswith("--")}
    now, last = folder / "nua-now.json", folder / "nua-last.json"
    if done:
        # A build that writes beside its sources begins with other ones each time.
        # Cargo itself completes its lock.
        before, after = _read(now) or {}, _digests(top, skipped)
        if _without_lock(before) == _without_lock({**after, PROGRAMS: before.get(PROGRAMS)}):
            now.replace(last)
        return
    folder.mkdir(parents=True, exist_ok=True)
    _forget_other(folder)
    digests = _digests(top, skipped)
    before = _read(last)
    if before is not None and not set(programs) <= set(before.pop(PROGRAMS, [])):
        before = None
    last.unlink(missing_ok=True)
    now.write_text(json.dumps({**digests, PROGRAMS: programs}))
    stale = set(_stale(digests, before))
    for path in digests:
        if not os.path.islink(path):
            _renew(path, None if path in stale else (OLD, OLD))


def _forget_other(folder: Path) -> None:
    """Remove what was compiled by another compiler, or for another system: Cargo may take it for its own."""
    release = Path("/etc/os-release")
    here = {
        "system": release.read_text() if release.exists() else "",
        "machine": platform.machine(),
        "compiler": _compiler(),
    }
    noted = folder / "nua-made-by.json"
    if _read(noted) == here:
        return
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    noted.write_text(json.dumps(here))


def _compiler() -> str:
    program = shutil.which("rustc")
    if program is None:
        return ""
    return subprocess.run([program, "-vV"], capture_output=True, text=True, check=False).stdout


def _digests(top: str, skipped: set[str]) -> dict[str, str]:
    return {path: _digest(path) for path in _files(top, skipped | {".git"})}


def _without_lock(note: dict[str, object]) -> dict[str, object]:
    return {path: one for path, one in note.items() if os.path.basename(path) != "Cargo.lock"}


def _renew(path: str, times: tuple[int, int] | None) -> None:
    try:
        os.utime(path, times)
    except PermissionError:
        # Root's own, of the build before: as new as that.
        pass


def _stale(digests: dict[str, str], before: dict[str, str] | None) -> list[str]:
    if before is None:
        return list(digests)
    paths = digests.keys() | before.keys()
    changed = {path for path in paths if digests.get(path) != before.get(path)}
    if any(not path.endswith(".rs") or os.path.islink(path) for path in changed):
        return list(digests)
    # What is gone, Cargo misses by itself.
    return [path for path in digests if path in changed]


def _files(top: str, skipped: set[str]) -> list[str]:
    found = []
    for folder, folders, files in os.walk(top):
        # Cargo's own folder is at the top; one below may be a module of that name.
        is_top = folder == top or os.path.samefile(folder, ".")
        left_out = skipped | {"target"} if is_top else skipped
        folders[:] = [name for name in folders if name not in left_out]
        found += [os.path.join(folder, name) for name in [*files, *folders]]
    return [path for path in found if os.path.islink(path) or os.path.isfile(path)]


def _digest(path: str) -> str:
    if os.path.islink(path):
        return f"link to {os.readlink(path)}"
    digest = hashlib.sha256()
    try:
        with open(path, "rb") as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
    except PermissionError:
        return "not readable"
    return digest.hexdigest()


def _read(path: Path) -> dict | None:
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return None


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
