"""Read what the Python project in the current folder depends on, without building it.

    read_project.py TARGET BACKENDS

Writes to the folder TARGET:

- requirements.txt: the dependencies that pyproject.toml declares, of the table "project" or of
  Poetry; BACKENDS is a folder that holds poetry-core, which knows how to read the latter
- constraints.txt: the versions in the lock file of Poetry, uv or PDM; empty without one
"""

import sys
from collections import defaultdict
from pathlib import Path

try:
    import tomllib
except ImportError:  # before Python 3.11
    from pip._vendor import tomli as tomllib

LOCKS = ("poetry.lock", "uv.lock", "pdm.lock")


def main(target: str, backends: str) -> None:
    write(Path(target, "requirements.txt"), declared(backends))
    write(Path(target, "constraints.txt"), locked())


def declared(backends: str) -> list[str]:
    settings = read_toml(Path("pyproject.toml"))
    if "project" in settings:
        return settings["project"].get("dependencies", [])
    if "poetry" in settings.get("tool", {}):
        return declared_by_poetry(backends)
    return []


def declared_by_poetry(backends: str) -> list[str]:
    sys.path.append(backends)
    from poetry.core.factory import Factory

    package = Factory().create_poetry(Path.cwd()).package
    return [dependency.to_pep_508() for dependency in package.requires if dependency.is_activated()]


def locked() -> list[str]:
    """Of a package with several versions, for several systems, the manifest decides."""
    versions = defaultdict(set)
    for name in LOCKS:
        for package in read_toml(Path(name)).get("package", []):
            # Neither the project itself nor what comes from a folder, an archive or a repository.
            if is_from_index(package.get("source", {})) and "version" in package:
                versions[package["name"]].add(package["version"])
    return [f"{name}=={only}" for name, (only, *others) in sorted(versions.items()) if not others]


def is_from_index(source: dict) -> bool:
    if "type" in source:  # Poetry: "legacy" is an index other than the public one
        return source["type"] == "legacy"
    return not source.keys() & {"editable", "virtual", "directory", "path", "url", "git"}


def read_toml(path: Path) -> dict:
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def write(path: Path, lines: list[str]) -> None:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
