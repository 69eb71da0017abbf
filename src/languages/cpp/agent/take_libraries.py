"""Have the image keep what programs are linked with: ``take_libraries.py [--there A|B]… FOLDER…``, as root.

Only here it is known which libraries those are. Packages that own them, and that the image has
not, are not taken away with what only the build needs; and since the image begins without them,
their files become part of the app's layer: those that were there before the app was built are
marked as changed.
Packages after ``--there`` are in the image already; of those with a bar between them, one is.
Source: ldd(1), dpkg-query(1); chown(2), of the time of a file's last change.
"""

from __future__ import annotations

import argparse
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

PARENT = Path("/nua/cpp_parent_packages")
# As images without dpkg have it; scanners read it beside dpkg's own.
RECORD = Path("/var/lib/dpkg/status.d")
LINKED = re.compile(r"=> (/\S+) \(0x")
MISSING = re.compile(r"^\s*(\S+) => not found", re.M)
OWNED = re.compile(r"^([a-z0-9][a-z0-9+.:-]*): /", re.M)
# Debian's own, which every image has.
ALWAYS = {"libc6", "libgcc-s1", "libstdc++6"}


def main(argv: list[str]) -> None:
    """Keep them, and say which."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--there", action="append", default=[])
    parser.add_argument("folders", nargs="+")
    asked = parser.parse_args(argv)
    folders = asked.folders
    libraries, missing = linked(folders)
    if missing:
        print(f"No library is there that programs are linked with: {', '.join(sorted(missing))}.", file=sys.stderr)
        sys.exit(1)
    there = {bare(name) for name in read(PARENT).split()} | ALWAYS
    named = {one for names in asked.there for one in names.split("|") if is_installed(one)}
    there |= {bare(name) for name in closure(named, there)}
    owners = {name for name in owners_of(libraries) if bare(name) not in there}
    wanted = closure(owners, there)
    if not wanted:
        return
    print(f"taken, since programs are linked with them: {', '.join(sorted(wanted))}")
    run("apt-mark", "manual", "--", *sorted(owners))
    for name in sorted(wanted):
        for path in run("dpkg-query", "--listfiles", name).splitlines():
            if os.path.lexists(path) and not (os.path.isdir(path) and not os.path.islink(path)):
                touch(path)
        note(name)


def note(name: str) -> None:
    """Tell scanners of it: dpkg's own record is that of the image below."""
    RECORD.mkdir(exist_ok=True)
    said = run("dpkg-query", "--status", name)
    (RECORD / bare(name)).write_text(said)


def linked(folders: list[str]) -> tuple[set[str], set[str]]:
    """Return the libraries of all programs and libraries there, and those that are missing."""
    files = [
        str(path)
        for folder in folders
        for path in Path(folder).rglob("*")
        if not path.is_symlink() and path.is_file() and path.open("rb").read(4) == b"\x7fELF"
    ]
    if not files:
        return set(), set()
    told = subprocess.run(["ldd", *files], capture_output=True, text=True, check=False).stdout
    own = {os.path.basename(path) for path in files}
    return set(LINKED.findall(told)), {name for name in MISSING.findall(told) if name not in own}


def owners_of(libraries: set[str]) -> set[str]:
    """Return the packages that have brought them."""
    # The loader shows the link /lib, dpkg knows the files in /usr/lib.
    paths = sorted({os.path.realpath(path) for path in libraries})
    if not paths:
        return set()
    told = subprocess.run(["dpkg-query", "--search", *paths], capture_output=True, text=True, check=False)
    return set(OWNED.findall(told.stdout))


def closure(names: set[str], there: set[str]) -> set[str]:
    """Return them with what they depend on, as far as it is installed here and not there."""
    found: set[str] = set()
    queue = sorted(names)
    while queue:
        name = queue.pop()
        if name in found:
            continue
        found.add(name)
        told = run("dpkg-query", "--show", "--showformat", "${Depends},${Pre-Depends}", name)
        for one in re.split(r"[,|]", told):
            other = re.sub(r"[\s(:].*$", "", one.strip())
            if other and other not in there and is_installed(other):
                queue.append(other)
    return found


def is_installed(name: str) -> bool:
    """Return whether dpkg has it."""
    told = subprocess.run(
        ["dpkg-query", "--show", "--showformat", "${db:Status-Status}", name],
        capture_output=True, text=True, check=False,
    )
    return told.returncode == 0 and "installed" in told.stdout.split()


def touch(path: str) -> None:
    """Give a file what it has: its times stay, but for the one of its last change."""
    found = os.lstat(path)
    if stat.S_ISLNK(found.st_mode):
        os.lchown(path, found.st_uid, found.st_gid)
    else:
        os.chmod(path, stat.S_IMODE(found.st_mode))


def bare(name: str) -> str:
    """Return the name without its architecture."""
    return name.split(":")[0]


def read(path: Path) -> str:
    """Return a text; none where it is not there."""
    return path.read_text() if path.exists() else ""


def run(*argv: str) -> str:
    """Return what a program prints."""
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    main(sys.argv[1:])
