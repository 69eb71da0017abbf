"""Lead an app's own NuGet sources to the mirror: ``lead_to_mirror.py FILE…``.

What stands for nuget.org in a NuGet.Config becomes the address of NUA_NUGET_SOURCE, where that is
set. Other sources, and all else of the files, stay as they are. The files are the build's copies.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from xml.sax.saxutils import quoteattr

PUBLIC = re.compile(
    rb"""(\bvalue\s*=\s*)(?:"https://(?:api|www)\.nuget\.org/[^"]*"|'https://(?:api|www)\.nuget\.org/[^']*')"""
)


def main(files: list[str]) -> None:
    """Write those that name nuget.org."""
    mirror = os.environ.get("NUA_NUGET_SOURCE", "")
    if mirror == "":
        return
    value = quoteattr(mirror, {'"': "&quot;"})
    if mirror.startswith("http:"):
        value += ' allowInsecureConnections="true"'
    for name in files:
        path = Path(name)
        if path.is_symlink():
            continue
        text = path.read_bytes()
        path.write_bytes(PUBLIC.sub(lambda found: found[1] + value.encode(), text))


if __name__ == "__main__":
    main(sys.argv[1:])
