from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import json
import lzma
import os
import stat
import subprocess
import tarfile
import unittest
import zipfile
from pathlib import Path
from unittest import mock

from nua.lib.actions import download_extract, install_git_source, install_source
from nua.lib.archive import Limits
from nua.lib.errors import NuaError
from support import FolderCase, quiet

Row = tuple[str, bytes, str, int]
"""Name, tar type, content or link target, mode."""

FILE, FOLDER, LINK, TWIN = tarfile.REGTYPE, tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE


class SourceCase(FolderCase):
    def setUp(self) -> None:
        super().setUp()
        os.mkdir("dest")

    def tar(self, rows: list[Row], name: str = "a.tar.gz", mode: str = "w:gz") -> str:
        with tarfile.open(name, mode) as tar:
            for path, kind, text, bits in rows:
                info = tarfile.TarInfo(path)
                info.type, info.mode = kind, bits
                if kind == FILE:
                    info.size = len(text)
                else:
                    info.linkname = text
                tar.addfile(info, io.BytesIO(text.encode()))
        return (self.folder / name).as_uri()

    def tree(self, root: Path) -> dict[str, str]:
        return {
            str(path.relative_to(root)): f"-> {os.readlink(path)}"
            if path.is_symlink()
            else f"{path.stat().st_mode & 0o7777:o} {path.read_text()}"
            for path in sorted(root.rglob("*"))
            if path.is_symlink() or path.is_file()
        }


class RulesTest(SourceCase):
    """What nua-build reads of an archive before anything unpacks it: one rule, in two languages."""

    def test_rules(self) -> None:
        file = Path(__file__).parent / "source-archives.json"
        kinds = {"file": FILE, "folder": FOLDER, "link": LINK, "twin": TWIN, "pipe": tarfile.FIFOTYPE}
        for rule in json.loads(file.read_text()):
            rows = [(name, kinds[kind], text, mode) for name, kind, text, mode in rule["members"]]
            with self.subTest(rule["name"]):
                url = self.tar(rows)
                if "refused" in rule:
                    self.assertRaisesRegex(
                        NuaError, rule["refused"], download_extract, url, "dest", rule["name"]
                    )
                    continue
                folder = download_extract(url, "dest", rule["name"])
                texts = {
                    str(path.relative_to(folder)): path.read_text()
                    for path in folder.rglob("*")
                    if path.is_file()
                }
                self.assertEqual(texts, rule["files"])


class UnpackTest(SourceCase):
    def test_the_top_folder_is_left_out(self) -> None:
        rows = [
            ("top/run", FILE, "x", 0o4777),
            ("top/sub/data", FILE, "d", 0o644),
            ("top/link", LINK, "sub/data", 0o777),
            ("top/twin", TWIN, "top/sub/data", 0o644),
        ]
        folder = download_extract(self.tar(rows), "dest", "app")
        self.assertEqual(folder, Path("dest/app"))
        expected = {"run": "755 x", "sub/data": "644 d", "link": "-> sub/data", "twin": "644 d"}
        self.assertEqual(self.tree(folder), expected)
        self.assertEqual(os.listdir("dest"), ["app"])

    def test_names_of_the_folder(self) -> None:
        flat: list[Row] = [("x", FILE, "x", 0o644), ("y", FILE, "y", 0o644)]
        topped: list[Row] = [("./top-1.0/x", FILE, "x", 0o644)]
        for rows, name, expected in [
            (topped, "", "top-1.0"),
            (flat, "", "a-1.0"),
            (flat, "app", "app"),
        ]:
            with self.subTest(expected):
                url = self.tar(rows, "a-1.0.tar.gz")
                self.assertEqual(download_extract(url, "dest", name).name, expected)

    def test_formats_are_told_by_their_content(self) -> None:
        for mode in ["w", "w:gz", "w:bz2", "w:xz"]:
            with self.subTest(mode):
                url = self.tar([("t/x", FILE, mode, 0o644)], "download", mode)
                folder = download_extract(url, "dest", mode.replace(":", "-"))
                self.assertEqual((folder / "x").read_text(), mode)

    def test_zip_keeps_modes_and_links(self) -> None:
        with zipfile.ZipFile("z", "w") as file:
            for name, text, mode in [
                ("t/run", "x", stat.S_IFREG | 0o755),
                ("t/link", "run", stat.S_IFLNK | 0o777),
                ("t/plain", "p", 0),
            ]:
                info = zipfile.ZipInfo(name)
                info.external_attr = mode << 16 | 0x20  # as DOS has it
                file.writestr(info, text)
        folder = download_extract((self.folder / "z").as_uri(), "dest", "app")
        expected = {"run": "755 x", "link": "-> run", "plain": "644 p"}
        self.assertEqual(self.tree(folder), expected)

    def test_what_leads_outside_is_refused_and_leaves_nothing(self) -> None:
        cases: dict[str, list[Row]] = {
            "parent": [("t/../../evil", FILE, "x", 0o644)],
            "absolute": [(f"{self.folder}/evil", FILE, "x", 0o644)],
            "link out": [("t/x", FILE, "x", 0o644), ("t/l", LINK, "../../evil", 0o777)],
            "absolute link": [("t/l", LINK, "/etc/passwd", 0o777)],
            "link over link": [
                ("t/a/b/up", LINK, "../..", 0o777),
                ("t/a/b/out", LINK, "up/../../evil", 0o777),
            ],
            "link out of the top folder": [("t/l", LINK, "../other", 0o777)],
            "out and back": [("t/l", LINK, "../t/x", 0o777), ("t/x", FILE, "x", 0o644)],
            "link made through a link": [
                ("t/up", LINK, "../..", 0o777),
                ("t/up/evil", LINK, "x", 0o777),
            ],
            "folder through a link": [
                ("t/up", LINK, "../..", 0o777),
                ("t/up/evil", FOLDER, "", 0o755),
            ],
            "link after what is below it": [
                ("t/d/evil", FILE, "x", 0o644),
                ("t/d", LINK, "../..", 0o777),
            ],
            "up after a link": [
                ("t/a/b", FOLDER, "", 0o755),
                ("t/deep", LINK, "a/b", 0o777),
                ("t/l", LINK, "deep/../../../evil", 0o777),
            ],
            "twin through a link": [
                ("t/l", LINK, "..", 0o777),
                ("t/h", TWIN, "t/l/evil", 0o644),
            ],
            "twin of a folder": [("t/d", FOLDER, "", 0o755), ("t/h", TWIN, "t/d", 0o644)],
            "out of a circle": [("t/l", LINK, "l/../../evil", 0o777)],
            "no name": [(".", FILE, "x", 0o644)],
            "file through link": [
                ("t/l", LINK, "../..", 0o777),
                ("t/l/evil", FILE, "x", 0o644),
            ],
            "twin of outside": [("t/h", TWIN, "../evil", 0o644)],
            "twin of a link": [("t/l", LINK, "x", 0o777), ("t/h", TWIN, "t/l", 0o644)],
            "device": [("t/null", tarfile.CHRTYPE, "", 0o666)],
            "pipe": [("t/pipe", tarfile.FIFOTYPE, "", 0o666)],
        }
        for name, rows in cases.items():
            with self.subTest(name):
                url = self.tar(rows)
                with self.assertRaisesRegex(NuaError, r'Unpack ".*" of "a.tar.gz"'):
                    download_extract(url, "dest", "app")
                self.assertEqual(sorted(os.listdir()), ["a.tar.gz", "dest"])
                self.assertEqual(os.listdir("dest"), [])

    def test_of_two_members_with_one_name_the_later_one_stays(self) -> None:
        rows: list[Row] = [
            ("t/a", LINK, "b", 0o777),
            ("t/b", FILE, "b", 0o644),
            ("t/a", FILE, "a", 0o644),
            ("t/c", FILE, "c", 0o644),
            ("t/c", LINK, "b", 0o777),
            ("t/d", LINK, "/etc/passwd", 0o777),
            ("t/d", LINK, "a", 0o777),
            ("t/b", TWIN, "t/a", 0o644),
        ]
        folder = download_extract(self.tar(rows), "dest", "app")
        expected = {"a": "644 a", "b": "644 a", "c": "-> b", "d": "-> a"}
        self.assertEqual(self.tree(folder), expected)

    def test_names_that_differ_in_case_or_form_only_stay_inside(self) -> None:
        rows: list[Row] = [
            ("t/Dir", LINK, "t", 0o777),
            ("t/dir/x", FILE, "x", 0o644),
            ("t/\u00e9", LINK, "t", 0o777),
            ("t/e\u0301/x", FILE, "x", 0o644),
        ]
        folder = download_extract(self.tar(rows), "dest", "app")
        self.assertEqual((folder / "dir/x").read_text(), "x")
        self.assertEqual(sorted(os.listdir()), ["a.tar.gz", "dest"])

    def test_links_in_a_circle_end(self) -> None:
        rows: list[Row] = [("t/a", LINK, "b", 0o777), ("t/b", LINK, "a/x", 0o777)]
        folder = download_extract(self.tar(rows), "dest", "app")
        self.assertEqual(self.tree(folder), {"a": "-> b", "b": "-> a/x"})

    def test_zip_names_with_backslashes(self) -> None:
        for system, expected in [
            (0, {"app/main.py": "644 m", "x": "644 x"}),
            (10, {"app/main.py": "644 m", "x": "644 x"}),
            (3, {"proj\\": "644 ", "proj\\app\\main.py": "644 m", "proj\\x": "644 x"}),
        ]:
            with self.subTest(system), zipfile.ZipFile("w.zip", "w") as file:
                for name, text in [
                    ("proj\\", ""),
                    ("proj\\x", "x"),
                    ("proj\\app\\main.py", "m"),
                ]:
                    info = zipfile.ZipInfo(name)
                    info.create_system, info.external_attr = system, 0o644 << 16
                    file.writestr(info, text)
            folder = download_extract((self.folder / "w.zip").as_uri(), "dest", f"app{system}")
            self.assertEqual(self.tree(folder), expected)

    def test_zip_names_with_backslashes_lead_nowhere(self) -> None:
        with zipfile.ZipFile("w.zip", "w") as file:
            info = zipfile.ZipInfo("t\\..\\..\\evil")
            info.create_system = 0
            file.writestr(info, "x")
        with self.assertRaisesRegex(NuaError, "leads outside"):
            download_extract((self.folder / "w.zip").as_uri(), "dest", "app")

    def test_zip_members_that_lead_outside_are_refused(self) -> None:
        with zipfile.ZipFile("z.zip", "w") as file:
            file.writestr("t/../../evil", "x")
        with self.assertRaisesRegex(NuaError, "leads outside"):
            download_extract((self.folder / "z.zip").as_uri(), "dest", "app")
        self.assertEqual(os.listdir("dest"), [])

    def test_what_is_no_archive(self) -> None:
        whole = self.tar([("t/x", FILE, "x" * 10000, 0o644)])
        content = (self.folder / "a.tar.gz").read_bytes()
        for name, data in [("text", b"hello"), ("empty", b""), ("cut", content[:-20])]:
            with self.subTest(name):
                (self.folder / "a.tar.gz").write_bytes(data)
                with self.assertRaisesRegex(NuaError, "Unpack"):
                    download_extract(whole, "dest", "app")
                self.assertEqual(os.listdir("dest"), [])


class LimitTest(SourceCase):
    def refused(self, url: str, says: str, limits: Limits | None = None) -> None:
        with self.assertRaisesRegex(NuaError, says):
            download_extract(url, "dest", "app", limits=limits)
        self.assertEqual(os.listdir("dest"), [])

    def test_what_is_as_large_as_it_may_be(self) -> None:
        rows: list[Row] = [("t/x", FILE, "x" * 99, 0o644), ("t/l", LINK, "x", 0o777)]
        # The folder of both is one as well.
        folder = download_extract(self.tar(rows), "dest", "app", limits=Limits(99, 3))
        self.assertEqual(sorted(self.tree(folder)), ["l", "x"])

    def test_more_than_it_may_be(self) -> None:
        rows: list[Row] = [("t/x", FILE, "x" * 99, 0o644), ("t/l", LINK, "x", 0o777)]
        with zipfile.ZipFile("z.zip", "w", zipfile.ZIP_DEFLATED) as file:
            for name in ["t/x", "t/y"]:
                file.writestr(name, "x" * 99)
        for url in [self.tar(rows), (self.folder / "z.zip").as_uri()]:
            with self.subTest(url):
                self.refused(url, "larger than it may be", Limits(98, 3))
                self.refused(url, "more than 2 files", Limits(99 * 2, 2))

    def test_folders_without_end(self) -> None:
        again: list[Row] = [("t/d", FOLDER, "", 0o755)] * 20
        deep: list[Row] = [("t/" + "d/" * 20, FOLDER, "", 0o755)]
        for rows in [again, deep]:
            with self.subTest(rows[0][0]):
                self.refused(self.tar(rows), "more than 10 files", Limits(10, 10))

    @mock.patch("nua.lib.archive._ALLOWANCE", 1024**2)
    def test_a_bomb_ends_soon(self) -> None:
        info = tarfile.TarInfo("t/x")
        info.size = 8 * 1024**2
        content = info.tobuf() + bytes(info.size + 1024)
        for compress in [lzma.compress, bz2.compress, gzip.compress]:
            with self.subTest(compress.__module__):
                Path("bomb").write_bytes(compress(content))
                self.refused((self.folder / "bomb").as_uri(), "larger than it may be")

    def test_headers_that_take_memory(self) -> None:
        for kind in [tarfile.XHDTYPE, tarfile.XGLTYPE, b"X", b"L", b"K"]:
            with self.subTest(kind):
                info = tarfile.TarInfo("x")
                info.type, info.size = kind, 10 * 1024**3
                Path("a.tar").write_bytes(info.tobuf(tarfile.GNU_FORMAT) + bytes(2048))
                url = (self.folder / "a.tar").as_uri()
                self.refused(url, "an extended header claims 10737418240 bytes")

    def test_sparse_files(self) -> None:
        old = tarfile.TarInfo("t/x")
        old.type = tarfile.GNUTYPE_SPARSE
        Path("a.tar").write_bytes(old.tobuf(tarfile.GNU_FORMAT) + bytes(1024))
        self.refused((self.folder / "a.tar").as_uri(), "sparse")
        for headers in [
            {"GNU.sparse.major": "1", "GNU.sparse.minor": "0"},
            {"GNU.sparse.map": "0,1", "GNU.sparse.size": "9" * 12},
            {"GNU.sparse.size": "9" * 12},
        ]:
            with self.subTest(headers), tarfile.open("a.tar", "w") as tar:
                info = tarfile.TarInfo("t/x")
                info.pax_headers, info.size = headers, 3
                tar.addfile(info, io.BytesIO(b"abc"))
            self.refused((self.folder / "a.tar").as_uri(), "sparse")


class DownloadTest(SourceCase):
    def test_checksum(self) -> None:
        url = self.tar([("t/x", FILE, "x", 0o644)])
        digest = hashlib.sha256((self.folder / "a.tar.gz").read_bytes()).hexdigest()
        for number, given in enumerate([digest, f"sha256:{digest}", f" {digest.upper()}\n"]):
            with self.subTest(given):
                download_extract(url, "dest", f"app{number}", given)
        with self.assertRaisesRegex(NuaError, f"expected SHA-256 {'0' * 64}, found {digest}"):
            download_extract(url, "dest", "other", "0" * 64)
        with self.assertRaisesRegex(NuaError, "64 hexadecimal digits"):
            download_extract(url, "dest", "other", "md5:12")
        self.assertFalse(os.path.exists("dest/other"))

    def test_what_is_not_there(self) -> None:
        for url in [(self.folder / "none.tgz").as_uri(), "not an address", "gopher://x/y"]:
            with self.subTest(url), self.assertRaisesRegex(NuaError, f'Download "{url}"'):
                download_extract(url, "dest", "app")

    def test_a_folder_with_something_in_it_is_not_touched(self) -> None:
        self.write("dest/app/mine", "m")
        os.mkdir("dest/empty")
        url = self.tar([("t/x", FILE, "x", 0o644)])
        with self.assertRaisesRegex(NuaError, "there already"):
            download_extract(url, "dest", "app")
        self.assertEqual(os.listdir("dest/app"), ["mine"])
        self.assertEqual(self.tree(download_extract(url, "dest", "empty")), {"x": "644 x"})

    def test_a_folder_that_may_have_something_in_it_keeps_it(self) -> None:
        app = Path("dest/app")
        (app / "node_modules" / "left").mkdir(parents=True)
        (app / "was-folder").mkdir()
        (app / "package.json").write_text("old")
        (self.folder / "outside").mkdir()
        (app / "lib").symlink_to(self.folder / "outside")
        (app / "link").symlink_to(self.folder / "outside" / "file")
        rows: list[Row] = [
            ("top/package.json", FILE, "new", 0o644),
            ("top/node_modules/own/index.js", FILE, "x", 0o644),
            ("top/was-folder", FILE, "f", 0o644),
            ("top/lib/a", FILE, "a", 0o644),
            ("top/link", FILE, "l", 0o644),
        ]
        url = self.tar(rows)
        self.assertRaises(NuaError, download_extract, url, "dest", "app")
        folder = download_extract(url, "dest", "app", merge=True)
        expected = {
            "package.json": "644 new",
            "node_modules/own/index.js": "644 x",
            "was-folder": "644 f",
            "lib/a": "644 a",
            "link": "644 l",
        }
        self.assertEqual(self.tree(folder), expected)
        self.assertTrue((folder / "node_modules" / "left").is_dir())
        self.assertEqual(os.listdir(self.folder / "outside"), [])
        self.assertEqual(os.listdir("dest"), ["app"])

    def test_install_source_uses_a_folder_where_it_is(self) -> None:
        self.assertEqual(install_source("dest", "elsewhere"), self.folder / "dest")
        url = self.tar([("t/x", FILE, "x", 0o644)])
        self.assertEqual(install_source(url, "dest", "app"), Path("dest/app"))

    @unittest.skipUnless(any(os.access(f"{p}/git", os.X_OK) for p in os.get_exec_path()), "no git")
    def test_install_git_source(self) -> None:
        who = ["-c", "user.name=n", "-c", "user.email=e@example.org"]
        for words in [["init", "-qb", "task"], [*who, "commit", "-qm", "x", "--allow-empty"]]:
            subprocess.run(["git", "-C", "dest", *words], check=True)
        with quiet(), mock.patch.dict(os.environ, {"GIT_TERMINAL_PROMPT": "0"}):
            url = f"file://{self.folder}/dest"
            folder = install_git_source(f" {url} ", "task", "clones", "app")
            self.assertEqual(folder, self.folder / "clones/app")
            self.assertTrue((folder / ".git").is_dir())
            with self.assertRaises(SystemExit):
                install_git_source(url, "no-such-branch", "clones", "other")


if __name__ == "__main__":
    unittest.main()
