from __future__ import annotations

import json
import os
import unittest
from pathlib import Path
from unittest import mock

from nua.lib.accounts import Account
from nua.lib.volumes import prepare_volumes
from support import FolderCase, quiet

SOMEBODY = Account("nua", 4321, 4321, (4321,), "/nua")


@unittest.skipUnless(os.geteuid() == 0, "only root can give folders away")
class PrepareVolumesTest(FolderCase):
    def setUp(self) -> None:
        super().setUp()
        self.root = self.folder / "root"
        self.root.mkdir(mode=0o755)

    def prepare(self, *targets: str, config: object = None) -> str:
        volumes = [{"name": "v", "target": target} for target in targets]
        self.write("config.json", json.dumps({"volume": volumes} if config is None else config))
        with quiet() as err:
            prepare_volumes(SOMEBODY, str(self.folder / "config.json"), str(self.root))
        return err.getvalue()

    def owner(self, path: str) -> int:
        return os.lstat(self.root / path).st_uid

    def test_a_missing_one_is_made_for_nua(self) -> None:
        self.assertEqual(self.prepare("/srv/data"), "")
        self.assertEqual((self.owner("srv"), self.owner("srv/data")), (0, 4321))
        self.assertEqual((self.root / "srv/data").stat().st_mode & 0o7777, 0o755)

    def test_a_fresh_one_is_given_to_nua(self) -> None:
        (self.root / "data").mkdir()
        (self.root / "disk/lost+found").mkdir(parents=True)
        self.assertEqual(self.prepare("/data", "/disk/"), "")
        self.assertEqual((self.owner("data"), self.owner("disk")), (4321, 4321))
        self.assertEqual(self.owner("disk/lost+found"), 0)

    def test_what_has_data_or_another_owner_is_left_alone(self) -> None:
        (self.root / "full/of").mkdir(parents=True)
        (self.root / "theirs").mkdir()
        os.chown(self.root / "theirs", 77, 77)
        (self.root / "shm").mkdir()
        (self.root / "shm").chmod(0o1777)
        (self.root / "file").write_text("x")
        self.assertEqual(self.prepare("/full", "/theirs", "/shm", "/file"), "")
        found = [self.owner(name) for name in ("full", "full/of", "theirs", "shm", "file")]
        self.assertEqual(found, [0, 0, 77, 0, 0])

    def test_folders_on_the_way_belong_to_who_has_the_one_above(self) -> None:
        (self.root / "app").mkdir()
        os.chown(self.root / "app", 4321, 4321)
        self.prepare("/app/a/b")
        self.assertEqual((self.owner("app/a"), self.owner("app/a/b")), (4321, 4321))

    def test_a_link_of_roots_is_followed_and_stays_below_the_root(self) -> None:
        (self.root / "run").mkdir()
        (self.root / "var").mkdir()
        (self.root / "var/run").symlink_to("/run")
        (self.root / "var/up").symlink_to("../../../run")
        self.assertEqual(self.prepare("/var/run/app", "/var/up/other"), "")
        self.assertEqual((self.owner("run/app"), self.owner("run/other")), (4321, 4321))

    def test_a_link_that_nua_can_have_made_is_not_followed(self) -> None:
        (self.root / "app").mkdir()
        os.chown(self.root / "app", 4321, 4321)
        (self.root / "etc").mkdir()
        for name, to in [("data", "../etc"), ("gone", "/etc/new"), ("loop", "loop")]:
            (self.root / "app" / name).symlink_to(to)
        for target in ("/app/data", "/app/data/sub", "/app/gone", "/app/loop"):
            with self.subTest(target):
                self.assertIn(f'nua: Prepare volume "{target}": ', self.prepare(target))
        self.assertEqual((self.owner("etc"), list((self.root / "etc").iterdir())), (0, []))

    def test_a_loop_of_roots_links_ends(self) -> None:
        (self.root / "loop").symlink_to("loop")
        self.assertIn("loop", self.prepare("/loop/data"))

    def test_a_read_only_one_is_a_warning(self) -> None:
        (self.root / "data").mkdir()
        with mock.patch("os.fchown", side_effect=OSError(30, "Read-only file system")):
            said = self.prepare("/data")
        self.assertEqual(said, 'nua: Prepare volume "/data": Read-only file system\n')

    def test_providers_that_are_no_containers_count(self) -> None:
        def provider(kind: str | None) -> dict[str, object]:
            return {"type": kind, "volume": [{"target": f"/{kind}"}]}

        config = {"provider": [provider(k) for k in ("volume", "docker-image", "app")]}
        self.prepare(config=config)
        self.assertEqual(os.listdir(self.root), ["volume"])

    def test_nothing_and_nonsense_is_ignored(self) -> None:
        for config in ({}, [], {"volume": None}, {"volume": ["x", {"target": "no/root"}]}):
            with self.subTest(config):
                self.assertEqual(self.prepare(config=config), "")
        prepare_volumes(SOMEBODY, "/no/such/config.json", str(self.root))
        self.assertEqual(os.listdir(self.root), [])

    def test_the_tops_of_the_image_are_nobodys_volume(self) -> None:
        self.prepare("/", "/../..")
        self.assertEqual(Path(self.root).stat().st_uid, 0)


if __name__ == "__main__":
    unittest.main()
