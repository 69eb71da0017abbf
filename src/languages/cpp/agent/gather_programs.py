"""Gather what a build has made where the image has it, below the app's source.

``gather_programs.py --program NAME… --built FOLDER --stage FOLDER --prefix NAME --bin NAME``

What was installed goes to the prefix, without what only other builds read. Each program gets its
place in ``bin``: a link to where it was installed, else the program itself, with the libraries of
the app's own that it is linked with.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

# Headers, archives and descriptions for those who build against it; pages that nobody reads there.
UNREAD = ("include", "lib/pkgconfig", "lib/cmake", "share/man", "share/doc", "share/info", "man")
UNREAD_FILES = ("*.a", "*.la")
OWN_LIBRARY = re.compile(r"^\s*(\S+) => (/\S+) \(0x", re.M)


def main() -> None:
    """Gather it, or say what there is in place of what was looked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", action="append", default=[])
    for name in ("built", "stage", "prefix", "bin"):
        parser.add_argument(f"--{name}", required=True)
    asked = parser.parse_args()
    built, prefix, bin_ = Path(asked.built), Path(asked.prefix), Path(asked.bin)
    take_installed(Path(asked.stage), prefix)
    made = programs_below(built)
    installed = [path for folder in ("bin", "sbin", "libexec", ".") for path in programs_in(prefix / folder)]
    bin_.mkdir(exist_ok=True)
    main_program, *others = asked.program
    place(main_program, installed, made, bin_) or place_only(main_program, installed, made, bin_)
    for name in others:
        place(name, installed, made, bin_) or fail(name, [*installed, *made])
    # What else was installed is called by its name as well.
    for path in installed:
        link = bin_ / path.name
        if not os.path.lexists(link):
            link.symlink_to(os.path.relpath(path, bin_))
    take_own_libraries(bin_, prefix, built)
    strip([*bin_.iterdir(), *prefix.rglob("*")])


def take_installed(stage: Path, prefix: Path) -> None:
    """Move what is below the prefix there, and name what is not."""
    inside = Path(f"{stage}{prefix.absolute()}")
    if inside.is_dir():
        shutil.copytree(inside, prefix, symlinks=True, dirs_exist_ok=True)
    if stage.is_dir():
        outside = [
            f"/{path.relative_to(stage)}"
            for path in sorted(stage.rglob("*"))
            if not path.is_dir() and not path.is_relative_to(inside)
        ]
        if outside:
            names = ", ".join(outside[:10])
            print(f"warning: not taken, since they are for places of the system: {names}")
    for name in UNREAD:
        shutil.rmtree(prefix / name, ignore_errors=True)
    for pattern in UNREAD_FILES:
        for path in prefix.rglob(pattern):
            path.unlink()


def place(name: str, installed: list[Path], made: list[Path], bin_: Path) -> bool:
    """Have a program of that name in ``bin``; whether there is one."""
    target = bin_ / name
    for path in installed:
        if path.name == name:
            if path.absolute() != target.absolute() and not os.path.lexists(target):
                target.symlink_to(os.path.relpath(path, bin_))
            return True
    for path in made:
        if path.name == name:
            shutil.copy2(path, target)
            target.chmod(0o755)
            return True
    return target.is_file()


def place_only(name: str, installed: list[Path], made: list[Path], bin_: Path) -> None:
    """Take the only other one in its place."""
    found = installed or made
    if len({path.name for path in found}) != 1:
        fail(name, found)
    print(f"note: there is no program {name}: {found[0].name} is taken for it")
    place(found[0].name, installed, made, bin_)
    (bin_ / name).symlink_to(found[0].name)


def fail(name: str, found: list[Path]) -> None:
    """Say what was made in place of it."""
    names = ", ".join(sorted({path.name for path in found})[:20])
    there = f"there are {names}" if names else "none was made"
    print(f"The build has made no program {name}: {there}.", file=sys.stderr)
    print("Name it in run.start, or with build.app.", file=sys.stderr)
    sys.exit(1)


def programs_in(folder: Path) -> list[Path]:
    """Return what can be started in a folder, scripts included."""
    if not folder.is_dir():
        return []
    return [path for path in sorted(folder.iterdir()) if path.is_file() and os.access(path, os.X_OK)]


def programs_below(folder: Path) -> list[Path]:
    """Return programs that were compiled, those nearer to the top first."""
    found = [
        Path(where, name)
        for where, folders, names in os.walk(folder)
        for name in names
        if "CMakeFiles" not in where and is_program(Path(where, name))
    ]
    return sorted(found, key=lambda path: (len(path.parts), str(path)))


def is_program(path: Path) -> bool:
    """Return whether it is an ELF file that can be started, and no library."""
    if path.is_symlink() or not os.access(path, os.X_OK) or ".so" in path.name:
        return False
    return is_elf(path)


def is_elf(path: Path) -> bool:
    """Return whether it is a program or a library of Linux."""
    if path.is_symlink() or not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            return file.read(4) == b"\x7fELF"
    except OSError:
        return False


def take_own_libraries(bin_: Path, prefix: Path, built: Path) -> None:
    """Copy those that programs are linked with in the folder of the build."""
    for path in list(bin_.iterdir()):
        if not is_elf(path):
            continue
        told = subprocess.run(["ldd", str(path)], capture_output=True, text=True, check=False)
        for name, where in OWN_LIBRARY.findall(told.stdout):
            if Path(where).is_relative_to(built):
                (prefix / "lib").mkdir(parents=True, exist_ok=True)
                shutil.copy2(where, prefix / "lib" / name)


def strip(paths: list[Path]) -> None:
    """Take symbols away that only debuggers read; of what is no program or library nothing."""
    elf = [str(path) for path in paths if is_elf(path)]
    for path in elf:
        subprocess.run(["strip", "--strip-unneeded", path], check=False, capture_output=True)


if __name__ == "__main__":
    main()
