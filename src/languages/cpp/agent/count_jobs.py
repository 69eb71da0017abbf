"""Print how many compilers may work at once: as many as processors, and as there is memory for.

One that optimizes C++ takes a gigabyte and more; the kernel ends what does not fit.
Source: proc(5), "meminfo"; the kernel's documentation of cgroup v2, "memory.max".
"""

from __future__ import annotations

import os
import re
from pathlib import Path

EACH = 1024 * 1024 * 1024


def main() -> None:
    """Print a number."""
    processors = len(os.sched_getaffinity(0))
    print(max(1, min(processors, available() // EACH)))


def available() -> int:
    """Bytes that this container may take."""
    found = [
        int(text)
        for path in (
            "/sys/fs/cgroup/memory.max",
            "/sys/fs/cgroup/memory/memory.limit_in_bytes",
        )
        if (text := read(path).strip()).isdigit()
    ]
    lines = re.findall(r"^(?:MemAvailable|SwapFree):\s+(\d+) kB", read("/proc/meminfo"), re.M)
    return min([sum(int(one) for one in lines) * 1024, *found])


def read(path: str) -> str:
    """Return a text; none where it cannot be read."""
    try:
        return Path(path).read_text()
    except OSError:
        return ""


if __name__ == "__main__":
    main()
