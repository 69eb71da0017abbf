"""Check that all libraries which a program is linked with are there.

    check_libraries.py PROGRAM

Only the container knows, once Debian's packages are there: the loader is asked, by ldd.
"""

from __future__ import annotations

import re
import subprocess
import sys

HINT = "run.packages names the Debian packages that have it"


def name_of(line: str) -> str:
    """`libfoo.so.1 => not found`, and ``…: version `GLIBC_2.38' not found (…)``."""
    version = re.search(r"version `([^']+)' not found", line)
    return version[1] if version else line.split("=>")[0].strip()


def main(program: str) -> int:
    asked = subprocess.run(["ldd", program], capture_output=True, text=True, errors="replace")
    lines = (asked.stdout + asked.stderr).splitlines()
    missing = [name_of(line) for line in lines if "not found" in line]
    if missing:
        names = ", ".join(dict.fromkeys(missing))
        print(f"{program} is linked with what the image does not have: {names}: {HINT}", file=sys.stderr)
        return 1
    if asked.returncode != 0:
        print(f"{program}: its libraries cannot be found: {asked.stderr.strip()}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
