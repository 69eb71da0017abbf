"""What several tests of the Python library share."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
import tempfile
import unittest
from collections.abc import Iterator
from pathlib import Path

import nua.lib

# Where this Python finds the library: in the repository, or installed in an image.
LIBRARY = Path(nua.lib.__file__).resolve().parents[2]


class FolderCase(unittest.TestCase):
    """A test with a folder of its own, in which it works."""

    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name).resolve()
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(self.folder)

    def write(self, name: str, content: str, mode: int = 0o644) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        path.chmod(mode)
        return path


@contextlib.contextmanager
def quiet() -> Iterator[io.StringIO]:
    """Keep stderr of this process out of the test's own, and look at it."""
    with contextlib.redirect_stderr(io.StringIO()) as err:
        yield err


def start_python(code: str, *arguments: str) -> subprocess.Popen[str]:
    """Run a script with the library in a Python of its own, its output in pipes."""
    python_path = os.pathsep.join(filter(None, [str(LIBRARY), os.environ.get("PYTHONPATH")]))
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": python_path},
        start_new_session=True,
    )
