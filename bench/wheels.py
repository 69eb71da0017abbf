"""Make a Python package index out of Debian's own packages, for machines that reach no other.

    wheels.py FOLDER PACKAGE... [--sources NAME...]

Writes FOLDER/simple/NAME/WHEEL for every Python distribution in the named Debian packages and in
the Python packages that they depend on; of those named as sources a source distribution, as some
have nothing else. The layout is that of PEP 503.
"""

import io
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from email.parser import HeaderParser
from pathlib import Path
from tempfile import TemporaryDirectory

DIST_PACKAGES = "usr/lib/python3/dist-packages"
METADATA = {".egg-info": "PKG-INFO", ".dist-info": "METADATA"}


# Where Debian keeps the wheels that virtual environments begin with.
DEBIAN_WHEELS = "usr/share/python-wheels"

SETUP = """from setuptools import find_packages, setup

setup(
    name={name!r},
    version={version!r},
    packages=find_packages(),
    py_modules={modules!r},
    package_data={{"": ["*", "*/*", "*/*/*", "*/*/*/*"]}},
    install_requires={requires!r},
    entry_points={points!r},
)
"""

PYPROJECT = """[build-system]
requires = ["setuptools", "wheel"]
build-backend = "setuptools.build_meta"
"""


def main(folder: str, *words: str) -> None:
    at = words.index("--sources") if "--sources" in words else len(words)
    packages, sources = words[:at], words[at + 1 :]
    index = Path(folder, "simple")
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
                write = write_source if name.lower() in sources else write_wheel
                write(name, version, info, requires, index)
        for wheel in Path(temporary).glob(f"*/{DEBIAN_WHEELS}/*.whl"):
            shutil.copy(wheel, project_folder(index, wheel.name.split("-")[0]))


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
    lines = [f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"]
    lines += [f"Requires-Dist: {other}\n" for other in requires if other != name]
    source, files = info.parent, files_of(info)
    native = any(path.suffix == ".so" for path in files)
    # Where Python is another one than here, these do without the parts that are native.
    tag = "py3-none-linux_x86_64" if native else "py3-none-any"
    escaped = re.sub(r"[-_.]+", "_", name)
    target = project_folder(index, name)
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


def write_source(name: str, version: str, info: Path, requires: list[str], index: Path) -> None:
    source = info.parent
    points = info / "entry_points.txt"
    setup = SETUP.format(
        name=name,
        version=version,
        modules=[path.stem for path in source.glob("*.py")],
        requires=[other for other in requires if other != name],
        points=points.read_text(encoding="utf-8") if points.is_file() else "",
    )
    members = {str(path.relative_to(source)): path.read_bytes() for path in files_of(info)}
    members["setup.py"] = setup.encode()
    members["pyproject.toml"] = PYPROJECT.encode()
    members["PKG-INFO"] = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode()
    top = f"{name}-{version}"
    with tarfile.open(project_folder(index, name) / f"{top}.tar.gz", "w:gz") as archive:
        for member, content in members.items():
            entry = tarfile.TarInfo(f"{top}/{member}")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))


def project_folder(index: Path, name: str) -> Path:
    folder = index / re.sub(r"[-_.]+", "-", name).lower()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def files_of(info: Path) -> list[Path]:
    """The files of a distribution, without what describes it or another one."""
    source = info.parent
    others = {path for path in source.iterdir() if path.suffix in (".egg-info", ".dist-info")}
    return [
        path
        for path in sorted(source.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts and not others & {*path.parents}
    ]


if __name__ == "__main__":
    main(*sys.argv[1:])
