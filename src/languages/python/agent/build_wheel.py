"""Build the wheel of the Python project in the current folder.

    build_wheel.py TARGET BACKENDS PIP...
    build_wheel.py - BACKENDS PIP... ARGUMENT...

TARGET is the folder for the wheel; a hyphen has pip do what its arguments say instead, with the
project's folder prepared for that. PIP is what makes Python run pip. BACKENDS is a folder that holds build backends (setuptools,
wheel, poetry-core); when they are all that the project asks for, nothing is fetched to build it.
Whatever the build adds to the project's folder is removed again.
"""

import subprocess
import sys
from importlib.metadata import distributions
from os import environ
from pathlib import Path
from shutil import rmtree

from pip._vendor.packaging.requirements import InvalidRequirement, Requirement

try:
    import tomllib
except ImportError:  # before Python 3.11
    from pip._vendor import tomli as tomllib

# PEP 518: what a project without a [build-system] table asks for.
DEFAULT_REQUIRES = ["setuptools", "wheel"]
DEFAULT_PYPROJECT = f"[build-system]\nrequires = {DEFAULT_REQUIRES}\n"

# What the project has for Nua, and where it is while setuptools looks for packages.
NUA = Path("nua")
HIDDEN = Path(".nua-hidden")
MANIFESTS = ("pyproject.toml", "setup.py", "setup.cfg", "MANIFEST.in")

# What setuptools leaves in a project's folder.
LEFTOVERS = ("build", "*.egg-info", "src/*.egg-info")


def main(target: str, backends: str, *pip: str) -> int:
    before = leftovers()
    pyproject = Path("pyproject.toml")
    # pip knows a project by one of these two; a setup.cfg alone is as good.
    invented = not pyproject.exists() and not Path("setup.py").exists()
    if invented:
        pyproject.write_text(DEFAULT_PYPROJECT)
    hidden = hide_nua()
    try:
        if target == "-":
            return subprocess.call([sys.executable, *pip])
        return build_wheel(target, backends, pip, wanted(pyproject))
    finally:
        if hidden:
            HIDDEN.rename(NUA)
        if invented:
            pyproject.unlink()
        for path in leftovers() - before:
            # What is installed as editable may keep its metadata in its folder.
            if target != "-" or path.name == "build":
                rmtree(path)


def hide_nua() -> bool:
    """Out of setuptools' sight: of two folders beside the manifest it takes neither."""
    texts = [path.read_text(encoding="utf-8") for path in map(Path, MANIFESTS) if path.exists()]
    is_meant = (NUA / "__init__.py").exists() or any("nua/" in text for text in texts)
    if not NUA.is_dir() or is_meant or HIDDEN.exists():
        return False
    NUA.rename(HIDDEN)
    return True


def wanted(pyproject: Path) -> list[str]:
    """What the project asks for, and what its manifest cannot be read without."""
    if not pyproject.exists():
        return DEFAULT_REQUIRES
    settings = tomllib.loads(pyproject.read_text(encoding="utf-8"))
    requires = settings.get("build-system", {}).get("requires", DEFAULT_REQUIRES)
    return [*requires, *implied(settings.get("project"), requires)]


def implied(project: object, requires: list[str]) -> list[str]:
    """The first versions of backends that know what is in a [project] table.

    PEP 621: the table itself; PEP 639: a license that is an expression, and files of licenses.
    """
    if not isinstance(project, dict):
        return []
    is_expression = isinstance(project.get("license"), str) or "license-files" in project
    versions = {"setuptools": "77.0.3" if is_expression else "61", "poetry-core": "2.0"}
    names = {name for text in requires for name in versions if canonical(text).startswith(name)}
    return [f"{name}>={versions[name]}" for name in sorted(names)]


def build_wheel(target: str, backends: str, pip: tuple[str, ...], requires: list[str]) -> int:
    command = [sys.executable, *pip, "wheel", "--no-deps", "--wheel-dir", target]
    env = dict(environ)
    if is_satisfied(requires, [backends, *sys.path]):
        command.append("--no-build-isolation")
        env["PYTHONPATH"] = backends
    return subprocess.call([*command, "."], env=env)


def is_satisfied(requires: list[str], path: list[str]) -> bool:
    """Tell whether the distributions on a path are all that a build asks for."""
    versions = {canonical(dist.metadata["Name"]): dist.version for dist in distributions(path=path)}
    try:
        requirements = [Requirement(text) for text in requires]
    except InvalidRequirement:
        return False
    return all(
        requirement.url is None
        and not requirement.extras
        and canonical(requirement.name) in versions
        and requirement.specifier.contains(versions[canonical(requirement.name)], prereleases=True)
        for requirement in requirements
        if requirement.marker is None or requirement.marker.evaluate()
    )


def canonical(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


def leftovers() -> set[Path]:
    return {path for pattern in LEFTOVERS for path in Path().glob(pattern) if path.is_dir()}


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
