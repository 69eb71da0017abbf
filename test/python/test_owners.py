from __future__ import annotations

import errno
import os
import struct
import unittest

from nua.lib.owners import give
from nua.lib.shell import chown_r
from support import FolderCase

NAME = "security.capability"
# cap_net_bind_service=ep, as version 2 of vfs_cap_data in linux/capability.h has it.
BIND = struct.pack("<IIIII", 0x02000001, 1 << 10, 0, 0, 0)


@unittest.skipUnless(os.geteuid() == 0, "only root can give files away")
class GiveTest(FolderCase):
    def program(self, name: str) -> str:
        path = self.write(name, "", 0o755)
        try:
            os.setxattr(path, NAME, BIND)
        except OSError as error:
            if error.errno not in (errno.EPERM, errno.ENOTSUP):
                raise
            self.skipTest("capabilities of files cannot be set here")
        return str(path)

    def test_capabilities_stay(self) -> None:
        for name, hand in [
            ("one", lambda path: give(path, 4321, 4321)),
            ("all", lambda path: chown_r(path, 4321, 4321)),
        ]:
            with self.subTest(name):
                path = self.program(name)
                hand(path)
                self.assertEqual(os.stat(path).st_uid, 4321)
                self.assertEqual(os.getxattr(path, NAME), BIND)

    def test_a_link_is_given_itself(self) -> None:
        target = self.write("target", "")
        (self.folder / "link").symlink_to(target)
        give(self.folder / "link", 4321, 4321)
        self.assertEqual((os.lstat("link").st_uid, os.stat("target").st_uid), (4321, 0))


if __name__ == "__main__":
    unittest.main()
