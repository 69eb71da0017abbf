"""Mutated archives: each is unpacked into its folder or refused, and nothing else ever happens.

``NUA_FUZZ_RUNS`` says how many, ``NUA_FUZZ_FIRST`` where to begin: a failure names its number.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import random
import shutil
import signal
import stat
import tarfile
import unittest
import zipfile
from pathlib import Path

from nua.lib.archive import Limits, unpack
from nua.lib.errors import NuaError
from support import FolderCase

RUNS = int(os.environ.get("NUA_FUZZ_RUNS", "300"))
FIRST = int(os.environ.get("NUA_FUZZ_FIRST", "0"))
HANG_SECONDS = 30
LIMITS = Limits(10**7, 1000)

NAMES = [
    *("..", "../canary", "../../canary", "t/../../canary", "/", ".", "", "//a", "/etc/passwd"),
    *("t", "t/a", "t/A", "t/a/b", "t/link", "t/link/evil", "t/up", "t/up/evil", "t/é", "t/e\u0301"),
    *("t\\..\\..\\canary", "x" * 300, "d/" * 60, "t/" + "y" * 90, "a\0b", "/dev/zero", "-rf"),
]
TARGETS = [*NAMES, "a", "..", "../..", "../../..", "up", "up/..", "link/../..", "a/../b", "link"]
KINDS = [tarfile.REGTYPE, tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE]
ODD_KINDS = [bytes([kind]) for kind in b"34567SLKxgXVD\0z"]


def tar_of(rng: random.Random) -> bytes:
    form = rng.choice([tarfile.GNU_FORMAT, tarfile.PAX_FORMAT, tarfile.USTAR_FORMAT])
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as tar:
        for _ in range(rng.randrange(9)):
            info = tarfile.TarInfo(rng.choice(NAMES))
            info.type = rng.choice(KINDS if rng.randrange(5) else ODD_KINDS)
            info.mode = rng.randrange(0o10000)
            if info.type in (tarfile.SYMTYPE, tarfile.LNKTYPE):
                info.linkname = rng.choice(TARGETS)
            elif info.type == tarfile.REGTYPE:
                info.size = rng.choice([0, 1, 700])
            if form == tarfile.PAX_FORMAT and rng.randrange(6) == 0:
                info.pax_headers = {
                    rng.choice(["path", "linkpath", "size", "GNU.sparse.map", "GNU.sparse.major"]):
                    rng.choice([*TARGETS, "1", "-1", "9" * 20, "0,1,2"])
                }
            try:
                tar.addfile(info, io.BytesIO(b"x" * info.size))
            except ValueError:
                continue  # a name that the format cannot tell
    data = out.getvalue()
    return rng.choice([bytes, bytes, gzip.compress, bz2.compress, lzma.compress])(data)


def zip_of(rng: random.Random) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", rng.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])) as file:
        for name in {rng.choice(NAMES).replace("\0", "") for _ in range(rng.randrange(7))}:
            info = zipfile.ZipInfo(name)
            info.create_system = rng.choice([0, 3, 10])
            kind = rng.choice([stat.S_IFREG, stat.S_IFREG, stat.S_IFLNK, stat.S_IFDIR, stat.S_IFCHR])
            info.external_attr = (kind | rng.randrange(0o10000)) << 16
            file.writestr(info, rng.choice(TARGETS))
    return out.getvalue()


def mutate(data: bytes, rng: random.Random) -> bytes:
    for _ in range(rng.choice([0, 0, 1, 2, 4])):
        at = rng.randrange(len(data) + 1)
        end = min(len(data), at + rng.randrange(600))
        noise = rng.randbytes(rng.randrange(9))
        data = rng.choice(
            [
                data[:at] + data[end:],
                data[:end] + data[at:],
                data[:at] + noise + data[at + len(noise) :],
                data[:at],
                data[at:] + data[:at],
            ]
        )
    return data


class FuzzTest(FolderCase):
    def outside(self) -> list[str]:
        return sorted(
            f"{path} {path.lstat().st_size} {path.lstat().st_nlink} {path.lstat().st_mode}"
            for path in self.folder.rglob("*")
            if "sandbox" not in path.relative_to(self.folder).parts
        )

    def test_whatever_an_archive_holds(self) -> None:
        self.write("canary", "alive")
        self.write("other/file", "alive")
        self.write("archive", "")
        before = self.outside()[1:]
        done = 0
        signal.signal(signal.SIGALRM, signal.default_int_handler)
        self.addCleanup(signal.alarm, 0)
        for run in range(FIRST, FIRST + RUNS):
            rng = random.Random(run)
            data = mutate(zip_of(rng) if rng.randrange(3) == 0 else tar_of(rng), rng)
            Path("archive").write_bytes(data)
            sandbox = self.folder / "sandbox"
            sandbox.mkdir()
            signal.alarm(HANG_SECONDS)
            try:
                self.inside(unpack(Path("archive"), sandbox, LIMITS), sandbox)
                done += 1
            except NuaError:
                pass
            except BaseException as error:
                raise AssertionError(f"run {run}") from error
            signal.alarm(0)
            shutil.rmtree(sandbox)
            self.assertEqual(self.outside()[1:], before, f"run {run}")
        if RUNS >= 100:
            self.assertNotIn(done, (0, RUNS))

    def inside(self, top: Path, sandbox: Path) -> None:
        self.assertIn(top.resolve(), [sandbox, *sandbox.iterdir()])
        for path in top.rglob("*"):
            mode = path.lstat().st_mode
            self.assertIn(stat.S_IFMT(mode), (stat.S_IFREG, stat.S_IFDIR, stat.S_IFLNK), path)
            if stat.S_ISLNK(mode):
                end = Path(os.path.realpath(path))
                self.assertTrue(end == top or top in end.parents, path)
            elif stat.S_ISREG(mode):
                self.assertEqual(mode & 0o7022, 0, path)


if __name__ == "__main__":
    unittest.main()
