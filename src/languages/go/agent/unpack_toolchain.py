"""Unpack the zip file of a Go module below a folder, if it is the one that its checksum names.

    unpack_toolchain.py ZIP PREFIX FOLDER H1

PREFIX is what all names in a zip file of a module begin with, H1 the checksum of its files as
go.sum has it, or a hyphen where nobody knows it. Source: golang.org/x/mod/sumdb/dirhash, Hash1.
"""

import sys
from base64 import b64encode
from hashlib import sha256
from pathlib import Path, PurePosixPath
from zipfile import ZipFile

# What a toolchain needs of these is there without a name of its own in a zip file: no modes are.
PROGRAMS = ("bin/", "pkg/tool/")

# Nobody builds an app with it.
UNUSED = ("api/", "doc/", "misc/", "test/", "src/cmd/vendor/")


def main(archive: str, prefix: str, folder: str, wanted: str) -> int:
    with ZipFile(archive) as members:
        names = [name for name in members.namelist() if not name.endswith("/")]
        if any(not is_inside(name, prefix) for name in names):
            sys.stderr.write(f"{archive}: it has files outside of {prefix}\n")
            return 1
        found = hash_of(members, names)
        if wanted not in ("-", found):
            sys.stderr.write(f"{archive}: expected {wanted}, got {found}\n")
            return 1
        for name in names:
            unpack(members, name, prefix, Path(folder))
    return 0


def is_inside(name: str, prefix: str) -> bool:
    # A name with a line break would let one file stand for several in the sum, as Go has it.
    return name.startswith(prefix) and name.isprintable() and not {"..", ".", ""} & set(name.split("/"))


def hash_of(members: ZipFile, names: list[str]) -> str:
    total = sha256()
    for name in sorted(names):
        total.update(f"{sha256(members.read(name)).hexdigest()}  {name}\n".encode())
    return f"h1:{b64encode(total.digest()).decode()}"


def unpack(members: ZipFile, name: str, prefix: str, folder: Path) -> None:
    path = name[len(prefix) :]
    if path.startswith(UNUSED) or path.endswith("_test.go") or "/testdata/" in path:
        return
    # Else the module would have modules in it. Source: Go, cmd/go/internal/toolchain.
    target = folder / PurePosixPath(path.replace("/_go.mod", "/go.mod"))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(members.read(name))
    target.chmod(0o755 if path.startswith(PROGRAMS) else 0o644)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
