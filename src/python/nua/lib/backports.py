"""What newer versions of Python have in their standard library."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def chdir(path: str | os.PathLike[str]) -> Iterator[None]:
    """Work in another folder for the length of a ``with`` block (``contextlib`` of 3.11)."""
    before = os.getcwd()
    os.chdir(path)
    try:
        yield
    finally:
        os.chdir(before)
