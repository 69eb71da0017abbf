"""What providers need of the app's image, by the names that nua-config has for it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass

from ..errors import NuaError
from .apt import install_build_packages, install_package_list
from .python import pip_install


@dataclass(frozen=True)
class MetaPackage:
    """Debian packages to keep, those for the build only, and Python packages."""

    run: tuple[str, ...] = ()
    build: tuple[str, ...] = ()
    pip: tuple[str, ...] = ()


_POSTGRES = MetaPackage(run=("libpq-dev",), pip=("psycopg2-binary",))

META_PACKAGES = {
    "psycopg2": _POSTGRES,
    "postgres-client": _POSTGRES,
    "mariadb-client": MetaPackage(
        run=("libmariadb3", "mariadb-client"),
        build=("libmariadb-dev", "python3-dev", "build-essential"),
        pip=("mariadb",),
    ),
}


def install_meta_packages(names: Sequence[str], keep_lists: bool = False) -> None:
    """Install meta-packages, each once.

    :raises NuaError: when a name is unknown
    """
    unknown = sorted(set(names) - META_PACKAGES.keys())
    if unknown:
        raise NuaError(
            f"Install meta-packages {', '.join(unknown)}: unknown; "
            f"there are {', '.join(sorted(META_PACKAGES))}"
        )
    for package in sorted({META_PACKAGES[name] for name in names}, key=lambda one: one.pip):
        install_package_list(package.run, keep_lists=keep_lists)
        needed = install_build_packages(package.build) if package.build else nullcontext()
        with needed:
            pip_install(package.pip)
