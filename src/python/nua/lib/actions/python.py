"""Python packages of the app."""

from __future__ import annotations

import glob
import importlib.metadata
import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from ..errors import NuaError
from ..shell import sh

INSTALL_SECONDS = 1800


def pip_install(packages: str | Sequence[str], update: bool = False, user: bool = False) -> None:
    """Install Python packages into the app's virtual environment.

    :param packages: requirements such as ``flask>=3``; a string is one, or several with
        blanks between them
    :param update: also what is there already
    :param user: into the home folder in place of the virtual environment
    :raises SystemExit: when pip fails
    """
    items = shlex.split(packages) if isinstance(packages, str) else list(packages)
    if items:
        _pip([*(["-U"] if update else []), *(["--user"] if user else []), *items])


def pip_install_glob(pattern: str, update: bool = False, user: bool = False) -> None:
    """Install every file that a glob pattern matches, such as ``dist/*.whl``.

    :raises NuaError: when there is none
    """
    files = sorted(glob.glob(pattern))
    if not files:
        raise NuaError(f'Install "{pattern}" with pip: no such file in "{os.getcwd()}"')
    # pip takes a bare name for a project of the index; a whole path can only be a file.
    pip_install([os.path.abspath(file) for file in files], update=update, user=user)


def install_pip_packages(packages: str | Sequence[str]) -> None:
    """Install requirements, of which those with a ``*`` outside a version are glob patterns."""
    items = [packages] if isinstance(packages, str) else list(packages)
    for item in items:
        if "*" in item and "=" not in item:
            pip_install_glob(item)
        else:
            pip_install([item])


def build_python(path: str | os.PathLike[str] = ".") -> None:
    """Install a Python project from its folder: requirements.txt, then the project itself.

    :raises NuaError: when the folder has neither requirements nor a project
    """
    folder = Path(path).resolve()
    words: list[str] = []
    if (folder / "requirements.txt").is_file():
        words += ["-r", str(folder / "requirements.txt")]
    if any((folder / name).is_file() for name in ("pyproject.toml", "setup.py")):
        words.append(str(folder))
    if not words:
        raise NuaError(
            f'Install Python project "{folder}": found no requirements.txt, pyproject.toml '
            "or setup.py"
        )
    _pip(words, cwd=folder)


def python_package_installed(name: str) -> bool:
    """Whether this Python finds a package of that name, as pip lists it."""
    importlib.invalidate_caches()
    try:
        importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def check_python_version() -> bool:
    """Whether this Python is one that Nua supports: 3.10 or later."""
    return sys.version_info >= (3, 10)


# --- internal ---


def _pip(words: Sequence[str], cwd: Path | None = None) -> None:
    sh(shlex.join([_python(), "-m", "pip", "install", *words]), timeout=INSTALL_SECONDS, cwd=cwd)


def _python() -> str:
    # Under sudo or /usr/bin/python3 this process may be the system's Python: the app's is meant.
    venv = os.environ.get("VIRTUAL_ENV")
    python = Path(venv) / "bin/python" if venv else None
    return str(python) if python is not None and python.exists() else sys.executable
