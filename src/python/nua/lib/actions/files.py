"""Search, replace and render in files."""

from __future__ import annotations

import glob
import importlib.resources
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..jinja import render_file, render_text


def replace_in(pattern: str | os.PathLike[str], old: str, new: str) -> None:
    """Replace a text in every file that a glob pattern matches; ``**`` goes into folders.

    Bytes that are not UTF-8 and line ends are kept as they are.
    """
    before, after = old.encode(), new.encode()
    for path in _matching(pattern):
        content = path.read_bytes()
        if before in content:
            path.write_bytes(content.replace(before, after))


def string_in(pattern: str | os.PathLike[str], text: str) -> bool:
    """Whether any file that a glob pattern matches has a text in it."""
    return any(text.encode() in path.read_bytes() for path in _matching(pattern))


def copy_from_package(
    package: str, filename: str, destdir: str | os.PathLike[str], destname: str = ""
) -> Path:
    """Copy a data file out of an installed Python package and return where it is now."""
    target = Path(destdir) / (destname or filename)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(importlib.resources.files(package).joinpath(filename).read_bytes())
    return target


def jinja2_render_file(
    template: str | os.PathLike[str], dest: str | os.PathLike[str], data: Mapping[str, Any]
) -> bool:
    """Render a template file with ``data`` only, and keep its mode.

    :param dest: a file, or a folder to put a file of the template's name into, less ``.j2``
    :returns: True
    :raises NuaError: naming the file, and the line when it is known
    """
    source, target = Path(template), Path(dest)
    if target.is_dir():
        target = target / source.name.removesuffix(".j2")
    text = render_file(source, data)
    target.touch(mode=0o600)
    target.chmod(source.stat().st_mode & 0o7777)
    target.write_text(text, encoding="utf-8", newline="")
    return True


def jinja2_render_from_str_template(
    template: str, dest: str | os.PathLike[str], data: Mapping[str, Any]
) -> bool:
    """Render a template given as text into a file; always True."""
    Path(dest).write_text(render_text(template, data), encoding="utf-8", newline="")
    return True


# --- internal ---


def _matching(pattern: str | os.PathLike[str]) -> list[Path]:
    paths = map(Path, glob.glob(os.fspath(pattern), recursive=True))
    return sorted(path for path in paths if path.is_file())
