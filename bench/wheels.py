"""Make a Python package index out of Debian's own packages, for machines that reach no other.

    wheels.py FOLDER PACKAGE...

Writes FOLDER/simple/NAME/WHEEL for every Python distribution in the named Debian packages and in
the Python packages that they depend on. The layout is that of PEP 503.
"""

import re
import subprocess
import sys
import zipfile
from email.parser import HeaderParser
from pathlib import Path
from tempfile import TemporaryDirectory

DIST_PACKAGES = "usr/lib/python3/dist-packages"
TAG = f"cp{sys.version_info.major}{sys.version_info.minor}"


def main(folder: str, *packages: str) -> None:
    with TemporaryDirectory() as temporary:
        subprocess.run(["apt-get", "download", "-qq", *closure(packages)], cwd=temporary, check=True)
        for deb in sorted(Path(temporary).glob("*.deb")):
            root = deb.with_suffix("")
            subprocess.run(["dpkg-deb", "-x", deb, root], check=True)
            write_wheels(root / DIST_PACKAGES, Path(folder, "simple"))


def closure(packages: tuple[str, ...]) -> list[str]:
    """The packages and those of Python that they need."""
    command = ["apt-cache", "depends", "--recurse", "--no-recommends", "--no-suggests"]
    command += ["--no-conflicts", "--no-breaks", "--no-replaces", "--no-enhances", *packages]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    names = {line for line in output.splitlines() if re.fullmatch(r"python3-[\w.+-]+", line)}
    return sorted(names | set(packages))


def write_wheels(source: Path, index: Path) -> None:
    for info in [*source.glob("*.egg-info"), *source.glob("*.dist-info")]:
        metadata = info / ("PKG-INFO" if info.suffix == ".egg-info" else "METADATA")
        if not metadata.is_file():
            continue
        text = metadata.read_text(encoding="utf-8")
        headers = HeaderParser().parsestr(text)
        requires = info / "requires.txt"
        if "Requires-Dist" not in headers and requires.is_file():
            text = with_requirements(text, requires.read_text(encoding="utf-8"))
        write_wheel(source, headers["Name"], headers["Version"], text, index, info)


def with_requirements(metadata: str, requires: str) -> str:
    plain = requires.split("[", 1)[0].split()
    head, _, body = metadata.partition("\n\n")
    lines = "".join(f"\nRequires-Dist: {line}" for line in plain)
    return f"{head}{lines}\n\n{body}"


def write_wheel(source: Path, name: str, version: str, metadata: str, index: Path, info: Path) -> None:
    others = {path for path in source.iterdir() if path.suffix in (".egg-info", ".dist-info")}
    files = [
        path
        for path in sorted(source.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts and not others & {*path.parents}
    ]
    native = any(path.suffix == ".so" for path in files)
    tag = f"{TAG}-{TAG}-linux_x86_64" if native else "py3-none-any"
    escaped = re.sub(r"[-_.]+", "_", name)
    target = index / re.sub(r"[-_.]+", "-", name).lower()
    target.mkdir(parents=True, exist_ok=True)
    dist_info = f"{escaped}-{version}.dist-info"
    members = {str(path.relative_to(source)): path.read_bytes() for path in files}
    members[f"{dist_info}/METADATA"] = metadata.encode()
    members[f"{dist_info}/WHEEL"] = f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n".encode()
    points = info / "entry_points.txt"
    if points.is_file():
        members[f"{dist_info}/entry_points.txt"] = points.read_bytes()
    record = [f"{member},," for member in [*members, f"{dist_info}/RECORD"]]
    members[f"{dist_info}/RECORD"] = "\n".join(record).encode() + b"\n"
    with zipfile.ZipFile(target / f"{escaped}-{version}-{tag}.whl", "w", zipfile.ZIP_DEFLATED) as wheel:
        for member, content in members.items():
            wheel.writestr(member, content)


if __name__ == "__main__":
    main(*sys.argv[1:])
