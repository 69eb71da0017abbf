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
METADATA = {".egg-info": "PKG-INFO", ".dist-info": "METADATA"}
TAG = f"cp{sys.version_info.major}{sys.version_info.minor}"


def main(folder: str, *packages: str) -> None:
    with TemporaryDirectory() as temporary:
        subprocess.run(["apt-get", "download", "-qq", *closure(packages)], cwd=temporary, check=True)
        debs = {field(deb, "Package"): deb for deb in sorted(Path(temporary).glob("*.deb"))}
        for deb in debs.values():
            subprocess.run(["dpkg-deb", "-x", deb, deb.with_suffix("")], check=True)
        names = {package: [name for name, *_ in distributions(deb)] for package, deb in debs.items()}
        for package, deb in debs.items():
            # Debian takes requirements out of the metadata where its own dependencies say them.
            needed = re.findall(r"python3-[\w.+-]+", field(deb, "Depends"))
            requires = sorted({name for other in needed for name in names.get(other, [])})
            for name, version, info in distributions(deb):
                write_wheel(name, version, info, requires, Path(folder, "simple"))


def field(deb: Path, name: str) -> str:
    command = ["dpkg-deb", "--field", deb, name]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def closure(packages: tuple[str, ...]) -> list[str]:
    """The packages and those of Python that they need."""
    command = ["apt-cache", "depends", "--recurse", "--no-recommends", "--no-suggests"]
    command += ["--no-conflicts", "--no-breaks", "--no-replaces", "--no-enhances", *packages]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    names = {line for line in output.splitlines() if re.fullmatch(r"python3-[\w.+-]+", line)}
    return sorted(names | set(packages))


def distributions(deb: Path) -> list[tuple[str, str, Path]]:
    """Name, version and metadata of what was unpacked from a package."""
    source = deb.with_suffix("") / DIST_PACKAGES
    found = []
    for info in [*source.glob("*.egg-info"), *source.glob("*.dist-info")]:
        metadata = info / METADATA[info.suffix]
        if metadata.is_file():
            headers = HeaderParser().parsestr(metadata.read_text(encoding="utf-8"))
            found.append((headers["Name"], headers["Version"], info))
    return found


def write_wheel(name: str, version: str, info: Path, requires: list[str], index: Path) -> None:
    source = info.parent
    lines = [f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"]
    lines += [f"Requires-Dist: {other}\n" for other in requires if other != name]
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
    members[f"{dist_info}/METADATA"] = "".join(lines).encode()
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
