"""Called by the agent: ``python -m nua.lib.unpack_source ARCHIVE FOLDER NAME``."""

from __future__ import annotations

import sys
from pathlib import Path

from .actions.source import download_extract
from .errors import NuaError


def main(archive: str, folder: str, name: str) -> int:
    """Unpack the archive of an app's source into a folder below another; 0 when all went well."""
    try:
        download_extract(Path(archive).resolve().as_uri(), folder, name)
    except NuaError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
