from __future__ import annotations

import json
import os
import unittest
from pathlib import Path
from unittest import mock

import nua.build
import nua.lib.actions
from nua.lib.accounts import is_root
from nua.lib.actions import (
    camel_format,
    check_python_version,
    copy_from_package,
    install_build_packages,
    install_meta_packages,
    install_package_list,
    install_pip_packages,
    install_ruby,
    installed_packages,
    jinja2_render_file,
    jinja2_render_from_str_template,
    kebab_format,
    pip_install,
    pip_install_glob,
    python_package_installed,
    replace_in,
    snake_format,
    string_in,
    to_kebab_cases,
    to_snake_cases,
)
from nua.lib.actions.nodejs import install_nodejs
from nua.lib.errors import NuaError
from support import FolderCase, quiet

PACKAGE_JSON = Path(__file__).resolve().parents[2] / "package.json"

# Writes down how it was called, in place of a program that would change this machine.
RECORDER = '#!/bin/sh\nfor word; do printf "[%s]" "$word"; done >>"$RECORD"\necho >>"$RECORD"\n'


class NamesTest(unittest.TestCase):
    def test_spellings(self) -> None:
        self.assertEqual(snake_format("a-b_c"), "a_b_c")
        self.assertEqual(kebab_format("a-b_c"), "a-b-c")
        self.assertEqual(camel_format("some-long_name"), "SomeLongName")
        self.assertEqual(to_snake_cases({"a-b": {"c-d": 1}}), {"a_b": {"c-d": 1}})
        self.assertEqual(to_kebab_cases({"a_b": 1}), {"a-b": 1})

    def test_every_exported_name_is_there(self) -> None:
        for name in nua.lib.actions.__all__:
            with self.subTest(name):
                self.assertTrue(callable(getattr(nua.lib.actions, name)))

    @unittest.skipUnless(PACKAGE_JSON.exists(), "not in the repository")
    def test_version_is_that_of_the_package(self) -> None:
        self.assertEqual(nua.build.__version__, json.loads(PACKAGE_JSON.read_text())["version"])


class FilesTest(FolderCase):
    def test_replace_in(self) -> None:
        self.write("a/x.html", "v=__V__ __V__\r\n")
        self.write("a/b/y.html", "__V__")
        self.write("a/z.txt", "__V__")
        binary = self.folder / "a/w.html"
        binary.write_bytes(b"\xff__V__")
        replace_in("a/*.html", "__V__", "é")
        self.assertEqual((self.folder / "a/x.html").read_bytes(), "v=é é\r\n".encode())
        self.assertEqual(binary.read_bytes(), b"\xff\xc3\xa9")
        self.assertFalse(string_in("a/b/*.html", "é"))
        replace_in(f"{self.folder}/**/*.html", "__V__", "2")
        self.assertTrue(string_in("a/**/*.html", "2"))
        self.assertEqual(Path("a/z.txt").read_text(), "__V__")

    def test_jinja2_render_file(self) -> None:
        self.write("in.conf.j2", "{{ x }}{{ missing }}\n", 0o600)
        os.mkdir("out")
        for dest, file in [("file", "file"), ("out", "out/in.conf")]:
            self.assertTrue(jinja2_render_file("in.conf.j2", dest, {"x": "<1>"}))
            self.assertEqual(Path(file).read_text(), "<1>\n")
            self.assertEqual(Path(file).stat().st_mode & 0o777, 0o600)
        self.assertTrue(jinja2_render_from_str_template("{{ x }}\n", "text", {"x": 2}))
        self.assertEqual(Path("text").read_text(), "2\n")

    def test_copy_from_package(self) -> None:
        target = copy_from_package("nua.lib", "errors.py", "a/b", "e.py")
        self.assertEqual(target, Path("a/b/e.py"))
        self.assertIn("class NuaError", target.read_text())


class CommandsCase(FolderCase):
    """Programs of other packages are replaced by recorders."""

    def setUp(self) -> None:
        super().setUp()
        for name in ["apt-get", "find", "app_builder", "venv/bin/python"]:
            self.write(f"bin/{name}", RECORDER, 0o755)
        self.write("bin/sudo", '#!/bin/sh\nwhile [ "${1#-}" != "$1" ]; do shift; done; "$@"\n', 0o755)
        self.write("bin/dpkg-query", "#!/bin/sh\nprintf 'installed make\\nconfig-files old\\n'\n", 0o755)
        environment = {
            "PATH": f"{self.folder}/bin:{os.environ['PATH']}",
            "VIRTUAL_ENV": f"{self.folder}/bin/venv",
            "RECORD": f"{self.folder}/record",
            "NUA_AGENT": "",
        }
        patch = mock.patch.dict(os.environ, environment)
        patch.start()
        self.addCleanup(patch.stop)
        hush = quiet()
        hush.__enter__()
        self.addCleanup(hush.__exit__, None, None, None)

    def record(self) -> list[str]:
        path = self.folder / "record"
        text = path.read_text() if path.exists() else ""
        path.write_text("")
        return [line.replace(str(self.folder), "F") for line in text.splitlines()]


LISTS = "[/var/lib/apt/lists][-mindepth][1][-delete]"
CLEAN = ["[autoremove][-y]", "[clean]"]
INSTALL = "[install][--no-install-recommends][-y][--]"


class AptTest(CommandsCase):
    def test_install_package_list(self) -> None:
        install_package_list("a b")
        self.assertEqual(self.record(), ["[update]", f"{INSTALL}[a][b]", *CLEAN, LISTS])
        install_package_list(["a;b"], clean=False, keep_lists=True)
        self.assertEqual(self.record(), ["[update]", f"{INSTALL}[a;b]"])

    def test_build_packages_go_again_unless_they_were_there(self) -> None:
        self.assertEqual(installed_packages(), ["make"])
        with self.assertRaises(ZeroDivisionError), install_build_packages("make gcc") as new:
            self.assertEqual(new, ["gcc"])
            self.assertEqual(self.record(), ["[update]", f"{INSTALL}[gcc]"])
            1 / 0
        self.assertEqual(self.record(), ["[purge][-y][--][gcc]", *CLEAN, LISTS])

    def test_a_failing_apt_ends_the_script(self) -> None:
        self.write("bin/apt-get", "#!/bin/sh\nexit 100\n", 0o755)
        with self.assertRaises(SystemExit) as raised:
            install_package_list("a")
        self.assertEqual(raised.exception.code, 100)

    def test_meta_packages(self) -> None:
        install_meta_packages(["psycopg2", "postgres-client"])
        expected = [f"{INSTALL}[libpq-dev]", "[-m][pip][install][psycopg2-binary]"]
        self.assertEqual([line for line in self.record() if "install" in line], expected)
        with self.assertRaisesRegex(NuaError, "oracle.*mariadb-client"):
            install_meta_packages(["oracle"])


class PipTest(CommandsCase):
    def test_requirements_are_never_read_by_a_shell(self) -> None:
        pip_install("flask>=1.0 'x; python_version > \"3\"'", update=True)
        self.assertEqual(
            self.record(), ['[-m][pip][install][-U][flask>=1.0][x; python_version > "3"]']
        )
        pip_install(["a<2"], user=True)
        self.assertEqual(self.record(), ["[-m][pip][install][--user][a<2]"])

    def test_globs(self) -> None:
        self.write("dist/a b.whl", "")
        install_pip_packages(["flask==2.*", "dist/*.whl"])
        self.assertEqual(
            self.record(), ["[-m][pip][install][flask==2.*]", "[-m][pip][install][F/dist/a b.whl]"]
        )
        with self.assertRaisesRegex(NuaError, "none/"):
            pip_install_glob("none/*.whl")

    def test_build_python(self) -> None:
        with self.assertRaisesRegex(NuaError, "pyproject.toml"):
            nua.lib.actions.build_python("bin")
        self.write("app/requirements.txt", "")
        nua.lib.actions.build_python("app")
        self.write("app/setup.py", "")
        nua.lib.actions.build_python("app")
        first = "[-m][pip][install][-r][F/app/requirements.txt]"
        self.assertEqual(self.record(), [first, f"{first}[F/app]"])

    def test_what_is_installed(self) -> None:
        self.assertTrue(check_python_version())
        self.assertFalse(python_package_installed("no-such-package-of-nua"))
        self.write("site/some_app-1.0.dist-info/METADATA", "Name: some-app\nVersion: 1.0\n")
        with mock.patch("sys.path", [f"{self.folder}/site"]):
            self.assertTrue(python_package_installed("some-app"))


class AgentTest(CommandsCase):
    def test_languages_are_installed_by_the_agent(self) -> None:
        install_nodejs("16")
        install_ruby("3.2")
        self.assertEqual(self.record(), ["[install-node][16]", "[install-ruby][3.2]"])

    def test_the_agent_may_be_elsewhere(self) -> None:
        elsewhere = self.write("else where/agent", RECORDER, 0o755)
        os.unlink("bin/app_builder")
        with mock.patch.dict(os.environ, {"NUA_AGENT": str(elsewhere)}):
            install_nodejs("20")
        self.assertEqual(self.record(), ["[install-node][20]"])

    def test_without_an_agent(self) -> None:
        os.unlink("bin/app_builder")
        with mock.patch.dict(os.environ, {"PATH": f"{self.folder}/bin"}):
            with self.assertRaisesRegex(NuaError, "app_builder install-node 20.*build command"):
                install_nodejs("20")


@unittest.skipUnless(is_root() and os.path.exists("/usr/bin/dpkg-query"), "needs Debian")
class DebianTest(unittest.TestCase):
    def test_installed_packages(self) -> None:
        self.assertIn("dpkg", installed_packages())


if __name__ == "__main__":
    unittest.main()
