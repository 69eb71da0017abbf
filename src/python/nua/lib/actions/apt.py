"""Debian packages."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from ..accounts import is_root
from ..shell import sh

INSTALL_SECONDS = 1800


def install_package_list(
    packages: str | Sequence[str], clean: bool = True, keep_lists: bool = False
) -> None:
    """Install Debian packages, without what they only recommend.

    :param packages: names, in a list or with blanks between them
    :param clean: remove the downloads, and packages that nothing needs any more
    :param keep_lists: keep the lists of packages, for a next call
    :raises SystemExit: when apt fails
    """
    names = _names(packages)
    if names:
        apt_update()
        _apt("install --no-install-recommends -y", names)
    if clean:
        apt_final_clean()
    if not keep_lists:
        apt_remove_lists()


def install_packages(packages: str | Sequence[str], keep_lists: bool = False) -> None:
    """Install Debian packages and clean up after them."""
    install_package_list(packages, clean=True, keep_lists=keep_lists)


@contextmanager
def install_build_packages(
    packages: str | Sequence[str], keep_lists: bool = False
) -> Iterator[list[str]]:
    """Have Debian packages for the length of a ``with`` block.

    Those that were not there before are removed at its end, also when the block fails.
    The block gets their names.
    """
    present = set(installed_packages())
    missing = [name for name in _names(packages) if name not in present]
    if missing:
        install_package_list(missing, clean=False, keep_lists=True)
    try:
        yield missing
    finally:
        if missing:
            _apt("purge -y", missing)
            apt_final_clean()
        if not keep_lists:
            apt_remove_lists()


def apt_update() -> None:
    """Read the lists of packages anew."""
    _apt("update")


def apt_final_clean() -> None:
    """Remove downloads, and packages that nothing needs any more."""
    _apt("autoremove -y")
    _apt("clean")


def apt_remove_lists() -> None:
    """Remove the lists of packages; ``apt_update`` gets them again."""
    sh(f"{_sudo()}find /var/lib/apt/lists -mindepth 1 -delete", show_cmd=False)


def installed_packages() -> list[str]:
    """The names of the Debian packages that are installed, sorted."""
    done = subprocess.run(
        ["dpkg-query", "-W", "-f", "${db:Status-Status} ${Package}\\n"],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    rows = (line.split() for line in done.stdout.splitlines())
    return sorted({name for status, name in rows if status == "installed"})


# --- internal ---


def _names(packages: str | Sequence[str]) -> list[str]:
    return packages.split() if isinstance(packages, str) else list(packages)


def _sudo() -> str:
    return "" if is_root() else "sudo -n "


def _apt(action: str, names: Sequence[str] = ()) -> None:
    # A name such as "-o..." would be an option: "--" ends those.
    words = f" -- {shlex.join(names)}" if names else ""
    environment = "env DEBIAN_FRONTEND=noninteractive"
    sh(f"{_sudo()}{environment} apt-get {action}{words}", timeout=INSTALL_SECONDS)
