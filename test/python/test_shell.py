from __future__ import annotations

import os
import unittest
from pathlib import Path

from nua.lib.accounts import is_root
from nua.lib.backports import chdir
from nua.lib.shell import chmod_r, chown_r, mkdir_p, rm_fr
from support import FolderCase


class ShellFilesTest(FolderCase):
    def modes(self) -> dict[str, str]:
        paths = sorted(Path("t").rglob("*"))
        return {str(p): oct(p.stat().st_mode & 0o777) for p in paths if not p.is_symlink()}

    def test_mkdir_p(self) -> None:
        mkdir_p("a/b/c")
        mkdir_p(Path("a/b/c"))
        self.assertTrue(os.path.isdir("a/b/c"))

    def test_rm_fr_removes_anything_and_follows_no_link(self) -> None:
        self.write("keep/x", "x")
        self.write("d/e/f", "f")
        os.symlink("keep", "link")
        for path in ["d", "link", "keep/x", "missing"]:
            rm_fr(path)
        self.assertEqual(os.listdir(), ["keep"])

    def test_chmod_r(self) -> None:
        self.write("t/a/x", "x")
        outside = self.write("outside", "x", 0o600)
        os.symlink("../outside", "t/link")
        chmod_r("t", 0o664, 0o775)
        self.assertEqual(self.modes(), {"t/a": "0o775", "t/a/x": "0o664"})
        chmod_r("t", 0o640)
        self.assertEqual(self.modes(), {"t/a": "0o750", "t/a/x": "0o640"})
        self.assertEqual(outside.stat().st_mode & 0o777, 0o600)

    @unittest.skipUnless(is_root(), "needs root")
    def test_chown_r(self) -> None:
        self.write("t/a/x", "x")
        outside = self.write("outside", "x")
        os.symlink("../outside", "t/link")
        chown_r("t", "www-data")
        self.assertEqual((Path("t/a/x").owner(), Path("t/a/x").group()), ("www-data", "www-data"))
        chown_r("t", "www-data", "root")
        self.assertEqual((Path("t/a").owner(), Path("t/a").group()), ("www-data", "root"))
        self.assertEqual(outside.owner(), "root")
        with self.assertRaises(LookupError):
            chown_r("t", "no-such-user")

    def test_chdir_comes_back(self) -> None:
        with self.assertRaises(ZeroDivisionError), chdir("/"):
            self.assertEqual(os.getcwd(), "/")
            1 / 0
        self.assertEqual(os.getcwd(), str(self.folder))


if __name__ == "__main__":
    unittest.main()
