"""Make Cargo see what has changed since the last build: ``renew_times.py TARGET [--built] [NAME…]``.

Cargo takes a file of the app's for changed when it is younger than what was made of it. Those of a
build context are as old as they were wherever they come from, or as new as the context; with an
edit a file may get older. So what differs by its content is made new, and all else old; and all of
it is new where something else than a source differs: what macros take in (rust-embed, include_dir!)
and what build.rs reads, Cargo does not know.

What is noted of the last build goes before the next one begins, and comes back when that is done
(``--built``): one that fails has compiled what the one after it need not have any more. Folders with one of the names are
large, and nothing of them is compiled.
Source: The Cargo Book, "Build cache"; cargo's module ``fingerprint``.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from pathlib import Path

# Before anything was compiled: 1980, as archives have it.
OLD = 315_619_200


def main(target: str, skipped: set[str], *, done: bool) -> None:
    """Renew what has changed in the current folder, or note that all is built."""
    folder = Path(target)
    now, last = folder / "nua-now.json", folder / "nua-last.json"
    if done:
        now.replace(last)
        return
    folder.mkdir(parents=True, exist_ok=True)
    digests = {path: _digest(path) for path in _files(skipped | {".git", "target"})}
    before = _read(last)
    last.unlink(missing_ok=True)
    now.write_text(json.dumps(digests))
    stale = set(_stale(digests, before))
    for path in digests:
        os.utime(path, None if path in stale else (OLD, OLD))


def _stale(digests: dict[str, str], before: dict[str, str] | None) -> list[str]:
    if before is None:
        return list(digests)
    paths = digests.keys() | before.keys()
    changed = {path for path in paths if digests.get(path) != before.get(path)}
    if any(not path.endswith(".rs") for path in changed):
        return list(digests)
    # What is gone, Cargo misses by itself.
    return [path for path in digests if path in changed]


def _files(skipped: set[str]) -> list[str]:
    found = []
    for folder, folders, files in os.walk("."):
        folders[:] = [name for name in folders if name not in skipped]
        found += [os.path.join(folder, name) for name in files]
    return [path for path in found if os.path.isfile(path) and not os.path.islink(path)]


def _digest(path: str) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def _read(path: Path) -> dict[str, str] | None:
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return None


if __name__ == "__main__":
    main(sys.argv[1], set(sys.argv[2:]), done="--built" in sys.argv[2:])
