"""Called by the agent: ``python -m nua.lib.unpack_source ARCHIVE FOLDER NAME BYTES FILES``."""

from __future__ import annotations

import sys
from pathlib import Path

from .actions.source import download_extract
from .archive import Limits
from .errors import NuaError


def main(archive: str, folder: str, name: str, size: str, files: str) -> int:
    """Unpack the archive of an app's source into a folder below another; 0 when all went well.

    :param size: bytes that it may have unpacked
    :param files: files that it may have
    """
    try:
        limits = Limits(int(size), int(files))
        url = Path(archive).resolve().as_uri()
        # What it depends on may have been installed there before, in a layer below.
        download_extract(url, folder, name, limits=limits, merge=True)
    except NuaError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
