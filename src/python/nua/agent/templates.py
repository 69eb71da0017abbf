"""Put the app's configuration files where they belong, when its container starts."""

from __future__ import annotations

import grp
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from nua.lib.errors import NuaError
from nua.lib.jinja import render_file

TEMPLATES = Path("/nua/templates")


def render_config_templates(
    data: Mapping[str, Any],
    templates: str | os.PathLike[str] = TEMPLATES,
    root: str | os.PathLike[str] = "/",
) -> list[Path]:
    """Install every file below ``templates`` at the same path below ``root``.

    A file named ``*.j2`` is rendered with ``data`` overlaid by the environment and loses that
    suffix; any other is copied. Each keeps the mode of its template and belongs to root and to
    the group nua: a file with a secret may have mode 640. Folders that are missing are created
    with mode 755.

    :returns: what was written
    :raises NuaError: naming the file, and the line of a template's mistake
    """
    values = {**data, **os.environ}
    source = Path(templates)
    return [_install(file, source, Path(root), values) for file in _files(source)]


# --- internal ---


def _files(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        return
    for entry in sorted(folder.iterdir()):
        if entry.is_dir() and not entry.is_symlink():
            yield from _files(entry)
        else:
            yield entry


def _install(file: Path, source: Path, root: Path, values: Mapping[str, Any]) -> Path:
    target = root / file.relative_to(source)
    if file.suffix == ".j2":
        target = target.with_suffix("")
        content = render_file(file, values).encode()
    else:
        content = _read(file)
    try:
        _create_folders(target.parent)
        _write(target, content, mode=file.stat().st_mode & 0o7777)
    except OSError as error:
        raise NuaError(f'Write "{target}" from template "{file}": {error.strerror}') from error
    return target


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise NuaError(f'Read template "{file}": {error.strerror}') from error


def _create_folders(folder: Path) -> None:
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir()
        path.chmod(0o755)


def _group() -> int:
    try:
        return grp.getgrnam("nua").gr_gid
    except KeyError:
        return 0


def _write(target: Path, content: bytes, mode: int) -> None:
    # Written in place, since the target may be a mounted file, which nothing can replace. The
    # mode comes before the content: there is no moment at which others could read a secret.
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        if os.geteuid() == 0:
            os.fchown(out.fileno(), 0, _group())
        os.fchmod(out.fileno(), mode)
        out.write(content)
