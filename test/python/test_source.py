from __future__ import annotations

import hashlib
import io
import os
import stat
import subprocess
import tarfile
import unittest
import zipfile
from pathlib import Path
from unittest import mock

from nua.lib.actions import download_extract, install_git_source, install_source
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
