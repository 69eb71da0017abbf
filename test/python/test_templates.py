from __future__ import annotations

import os
import unittest
from unittest import mock

from nua.agent.templates import render_config_templates
from nua.lib.errors import NuaError
from support import FolderCase


class TemplatesTest(FolderCase):
    def render(self, **data: object) -> None:
        render_config_templates(data, self.folder / "templates", self.folder / "root")

    def test_files_are_rendered_and_copied_to_their_places(self) -> None:
        self.write("templates/etc/app.conf.j2", "id={{ id }} missing={{ nothing }} <{{ html }}>\n\n")
        self.write("templates/etc/raw.conf", "{{ id }}\n")
        self.render(id="app", html="<&>")
        self.assertEqual((self.folder / "root/etc/app.conf").read_text(), "id=app missing= <<&>>\n\n")
        self.assertEqual((self.folder / "root/etc/raw.conf").read_text(), "{{ id }}\n")

    def test_the_environment_wins_over_the_configuration(self) -> None:
        self.write("templates/x.j2", "{{ A }} {{ B }}")
        with mock.patch.dict(os.environ, {"B": "env"}):
            self.render(A="config", B="config")
        self.assertEqual((self.folder / "root/x").read_text(), "config env")

    def test_dot_files_and_dot_folders_are_handled(self) -> None:
        self.write("templates/nua/.env.j2", "X={{ X }}")
        self.write("templates/.config/.hidden", "y")
        self.render(X=1)
        self.assertEqual((self.folder / "root/nua/.env").read_text(), "X=1")
        self.assertEqual((self.folder / "root/.config/.hidden").read_text(), "y")

    def test_modes(self) -> None:
        before = os.umask(0o077)
        self.addCleanup(os.umask, before)
        self.write("root/etc/secret", "old and much longer", 0o644)
        self.write("templates/etc/secret.j2", "s", 0o600)
        self.write("templates/usr/bin/run", "#!/bin/sh", 0o755)
        self.render()
        modes = {
            name: oct((self.folder / "root" / name).stat().st_mode & 0o777)
            for name in ["etc/secret", "usr", "usr/bin", "usr/bin/run"]
        }
        expected = {"etc/secret": "0o600", "usr": "0o755", "usr/bin": "0o755"}
        self.assertEqual(modes, {**expected, "usr/bin/run": "0o755"})
        self.assertEqual((self.folder / "root/etc/secret").read_text(), "s")

    def test_a_template_may_include_its_neighbour(self) -> None:
        self.write("templates/a.j2", "{% include 'b.j2' %}!")
        self.write("templates/b.j2", "{{ x }}")
        self.render(x="b")
        self.assertEqual((self.folder / "root/a").read_text(), "b!")

    def test_mistakes_name_the_file_and_line(self) -> None:
        for text, says in [
            ("ok\n{{ x", "bad.j2:2: "),
            ("ok\n\n{% nonsense %}", "bad.j2:3: "),
            ("ok\n{{ nothing.at.all }}", "bad.j2:2: 'nothing' is undefined"),
            ("ok\n{{ 1 / 0 }}", "bad.j2:2: division by zero"),
        ]:
            with self.subTest(text):
                path = self.write("templates/bad.j2", text)
                with self.assertRaises(NuaError) as raised:
                    self.render()
                self.assertIn(f"{path.parent}/{says}", str(raised.exception))

    def test_files_that_cannot_be_read_or_written_are_named(self) -> None:
        (self.folder / "templates").mkdir()
        os.symlink("nowhere", "templates/x")
        with self.assertRaisesRegex(NuaError, "templates/x.*No such file"):
            self.render()
        os.unlink("templates/x")
        (self.folder / "templates/x.j2").write_bytes(b"\xff")
        with self.assertRaisesRegex(NuaError, "templates/x.j2.*utf-8"):
            self.render()
        self.write("templates/x.j2", "x")
        (self.folder / "root/x").mkdir(parents=True)
        with self.assertRaisesRegex(NuaError, "root/x.*templates/x.j2.*directory"):
            self.render()

    def test_no_templates(self) -> None:
        self.assertEqual(render_config_templates({}, self.folder / "none"), [])


if __name__ == "__main__":
    unittest.main()
