from __future__ import annotations

import json
import os
import tarfile
import unittest
from pathlib import Path
from unittest import mock

from nua.agent import nua_config
from nua.agent.nua_config import NuaConfig
from nua.lib.errors import NuaError
from support import FolderCase

CONFIG = {
    "metadata": {"id": "app", "version": "1.2", "title": "T"},
    "build": {"src-url": "https://example.org/{id}-{version}.tgz", "document-root": None},
    "env": {"A": "1"},
    "provider": [{"name": "db"}],
}


class NuaConfigTest(FolderCase):
    def setUp(self) -> None:
        super().setUp()
        for name in ["BUILD", "METADATA"]:
            patch = mock.patch.object(nua_config, name, self.folder / name)
            patch.start()
            self.addCleanup(patch.stop)

    def config(self, **build: object) -> NuaConfig:
        data = {**CONFIG, "build": {**CONFIG["build"], **build}}  # type: ignore[dict-item]
        return NuaConfig(self.write("nua-config.json", json.dumps(data)))

    def test_keys_have_either_spelling_and_what_is_missing_is_none(self) -> None:
        config = self.config()
        self.assertEqual(config.build["src_url"], CONFIG["build"]["src-url"])  # type: ignore[index]
        self.assertIsNone(config.build["document_root"])
        self.assertIsNone(config.run["start"])
        self.assertEqual(config.build.get("document-root", "/x"), "/x")
        self.assertEqual(dict(config.metadata), CONFIG["metadata"])
        self.assertEqual((config.env, config.provider), ({"A": "1"}, [{"name": "db"}]))
        self.assertEqual((config.port, config.volume), ({}, []))

    def test_braces_are_filled_in(self) -> None:
        self.assertEqual(self.config().src_url, "https://example.org/app-1.2.tgz")
        self.assertEqual(self.config().git_branch, "main")
        self.assertEqual(self.config(**{"git-branch": "v{version}"}).git_branch, "v1.2")
        with self.assertRaisesRegex(NuaError, "build.src-url.*nothing"):
            _ = self.config(**{"src-url": "{nothing}"}).src_url

    def test_where_it_is_looked_for(self) -> None:
        places = ["METADATA", "context", "BUILD", "."]
        with mock.patch.dict(os.environ, {"NUA_CONTEXT": f"{self.folder}/context"}):
            with self.assertRaisesRegex(NuaError, "BUILD.*context.*METADATA"):
                NuaConfig()
            for place in places:
                path = self.write(f"{place}/nua-config.json", json.dumps(CONFIG))
                self.assertEqual(NuaConfig().path.resolve(), path.resolve())

    def test_a_broken_file_is_named(self) -> None:
        self.write("nua-config.json", "{")
        with self.assertRaisesRegex(NuaError, "nua-config.json"):
            NuaConfig(".")

    def test_fetch_source(self) -> None:
        self.write("t/x", "x")
        with tarfile.open("a.tar", "w") as tar:
            tar.add("t")
        url = (self.folder / "a.tar").as_uri()
        source = self.config(**{"src-url": url}).fetch_source()
        self.assertEqual(source, self.folder / "BUILD/app")
        self.assertEqual((source / "x").read_text(), "x")
        project = self.config(**{"src-url": None, "project": "t"}).fetch_source()
        self.assertEqual(project, Path("t").resolve())
        with self.assertRaisesRegex(NuaError, "build.git-url"):
            self.config(**{"src-url": None}).fetch_source()


if __name__ == "__main__":
    unittest.main()
