"""Jinja2, as Nua's templates use it."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from .errors import NuaError

DEBIAN_PACKAGES = "/usr/lib/python3/dist-packages"


def render_text(text: str, data: Mapping[str, Any]) -> str:
    """Render a template given as text; see :func:`render_file` for its rules."""
    return _render(text, data, name="<template>")


def render_file(template: str | os.PathLike[str], data: Mapping[str, Any]) -> str:
    """Render one template file.

    Undefined variables are empty, the last newline is kept, and nothing is escaped: these are
    configuration files, not web pages. A template may include its neighbours.

    :raises NuaError: naming the file, and the line when it is known
    """
    path = Path(template)
    try:
        text = path.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        raise NuaError(f'Read template "{path}": {error}') from error
    return _render(text, data, name=str(path))


# --- internal ---


def _render(text: str, data: Mapping[str, Any], name: str) -> str:
    jinja2 = _import_jinja2()
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(name).parent),
        autoescape=False,
        keep_trailing_newline=True,
    )
    try:
        # Compiled with its path, so that errors are reported at its own lines.
        code = environment.compile(text, name=Path(name).name, filename=name)
        template = jinja2.Template.from_code(environment, code, environment.make_globals(None))
        return template.render(dict(data))
    except jinja2.TemplateSyntaxError as error:
        place = f"{error.filename or name}:{error.lineno}"
        raise NuaError(f"Render template {place}: {error.message}") from error
    except Exception as error:
        raise NuaError(f"Render template {_place(error, name)}: {error}") from error


def _place(error: Exception, name: str) -> str:
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == name]
    return f"{name}:{lines[-1]}" if lines else name


def _import_jinja2() -> ModuleType:
    try:
        import jinja2
    except ImportError:
        # A virtual environment does not see Debian's packages. Last on the path, they hide
        # nothing that the app has installed for itself.
        if DEBIAN_PACKAGES not in sys.path:
            sys.path.append(DEBIAN_PACKAGES)
        try:
            import jinja2
        except ImportError as error:
            raise NuaError(
                'Import jinja2: not installed; add "python3-jinja2" to run.packages '
                'or "jinja2" to build.pip-install'
            ) from error
    return jinja2
