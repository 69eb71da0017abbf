from __future__ import annotations

import os
import signal
import sys
import unittest

from nua.lib.accounts import is_nua, is_root
from nua.lib.exec import exec_as_nua, exec_as_root
from nua.lib.shell import sh
from support import FolderCase, quiet, start_python

SHOW = [sys.executable, "-c", "import os, sys; open('out', 'w').write(eval(sys.argv[1]))"]


class ExecCase(FolderCase):
    def setUp(self) -> None:
        super().setUp()
        self.folder.chmod(0o777)

    def out(self) -> str:
        return (self.folder / "out").read_text()


@unittest.skipUnless(is_root(), "needs root")
class ExecAsRootTest(ExecCase):
    def test_status_comes_back(self) -> None:
        for cmd, status in [("true", 0), ("false", 1), (["bash", "-c", "exit 42"], 42)]:
            with self.subTest(cmd):
                self.assertEqual(exec_as_root(cmd), status)
        with quiet() as err:
            self.assertEqual(exec_as_root("no-such-program-of-nua"), 127)
        self.assertIn("no-such-program-of-nua", err.getvalue())

    def test_no_shell(self) -> None:
        self.assertEqual(exec_as_root(f"touch 'a b' $HOME ';' {self.folder}/c"), 0)
        self.assertEqual(sorted(os.listdir()), ["$HOME", ";", "a b", "c"])

    def test_env_replaces_the_environment(self) -> None:
        env = {"ONLY": "1", "PATH": os.environ["PATH"]}
        self.assertEqual(exec_as_root([*SHOW, "os.environ.get('HOME', 'none')"], env=env), 0)
        self.assertEqual(self.out(), "none")

    def test_cwd(self) -> None:
        (self.folder / "sub").mkdir()
        exec_as_root(["touch", "x"], cwd="sub")
        self.assertTrue((self.folder / "sub/x").exists())

    def test_an_environment_in_the_place_of_cwd_is_understood(self) -> None:
        exec_as_root([*SHOW, "os.environ['EXTRA'] + os.environ['PATH'][:1]"], {"EXTRA": "e"})
        self.assertEqual(self.out(), "e/")
        self.assertEqual(exec_as_root("true", {}), 0)

    def test_timeout(self) -> None:
        self.assertEqual(exec_as_root("sleep 60", timeout=0.1), 124)


@unittest.skipUnless(is_root() and os.path.isdir("/nua"), "needs root, and an image with user nua")
class ExecAsNuaTest(ExecCase):
    def test_every_part_of_a_line_runs_as_nua(self) -> None:
        self.assertEqual(exec_as_nua("id -un > out; (id -un; id -Gn) >> out && id -un >> out"), 0)
        self.assertEqual(self.out().split(), ["nua", "nua", "nua", "sudo", "nua"])
        self.assertEqual((self.folder / "out").owner(), "nua")

    def test_home_and_names_are_those_of_nua_and_env_is_added(self) -> None:
        env = {"HOME": "/root", "EXTRA": "e"}
        exec_as_nua('echo "$HOME $USER $LOGNAME $EXTRA ${PATH:0:1}" > out', env=env)
        self.assertEqual(self.out(), "/nua nua nua e /\n")

    def test_status_comes_back(self) -> None:
        for cmd, status in [("cd / && false", 1), ("exit 42", 42), ("true", 0), (["false"], 1)]:
            with self.subTest(cmd):
                self.assertEqual(exec_as_nua(cmd), status)

    def test_a_list_is_one_command_without_a_shell(self) -> None:
        self.assertEqual(exec_as_nua(["touch", "a; touch b", "$HOME"]), 0)
        self.assertEqual(sorted(os.listdir()), ["$HOME", "a; touch b"])

    def test_cwd(self) -> None:
        (self.folder / "sub").mkdir()
        exec_as_nua(f"pwd > {self.folder}/out", cwd=self.folder / "sub")
        self.assertEqual(self.out(), f"{self.folder}/sub\n")

    def test_show_cmd_false_hides_its_output(self) -> None:
        script = start_python(
            "from nua.lib.exec import exec_as_nua as e\ne('echo seen')\ne('echo no', show_cmd=False)"
        )
        self.assertEqual(script.communicate(timeout=30)[0], "seen\n")

    def test_a_start_script_stops_with_its_app(self) -> None:
        script = start_python(
            "from nua.lib.exec import exec_as_nua\n"
            "exec_as_nua('trap \"exit 5\" TERM; echo ready; sleep 60 & wait')\n"
            "print('not reached')"
        )
        assert script.stdout is not None
        self.assertEqual(script.stdout.readline(), "ready\n")
        script.send_signal(signal.SIGTERM)
        self.assertEqual(script.communicate(timeout=30)[0], "")
        self.assertEqual(script.returncode, 5)


@unittest.skipUnless(is_nua(), "needs user nua")
class AlreadyNuaTest(ExecCase):
    def test_as_nua_there_is_no_shell(self) -> None:
        self.assertEqual(exec_as_nua("touch 'a b' ';' $HOME"), 0)
        self.assertEqual(sorted(os.listdir()), ["$HOME", ";", "a b"])

    def test_root_is_reached_through_sudo_with_the_environment(self) -> None:
        env = {**os.environ, "EXTRA": "e"}
        test = "[ $(id -u) = 0 ] && [ $EXTRA = e ] && exit 12"
        self.assertEqual(exec_as_root(["bash", "-c", test], env=env), 12)

    def test_a_command_of_root_can_be_stopped(self) -> None:
        self.assertEqual(exec_as_root("sleep 60", timeout=0.2), 124)
        self.assertEqual(exec_as_nua("sudo sleep 60", timeout=0.2), 124)


class ShTest(FolderCase):
    def test_output_is_returned_when_captured(self) -> None:
        self.assertEqual(sh("echo a | tr a b", capture_output=True, show_cmd=False), "b\n")
        self.assertIsNone(sh("true", show_cmd=False))

    def test_a_failure_ends_the_script_with_its_status(self) -> None:
        for cmd, status in [("exit 9", 9), ("cd / && false", 1), ("no-such-program-of-nua", 127)]:
            with self.subTest(cmd), quiet() as err:
                with self.assertRaises(SystemExit) as raised:
                    sh(f"{cmd} 2>/dev/null")
                self.assertEqual(raised.exception.code, status)
                self.assertIn(f'"{cmd} 2>/dev/null"', err.getvalue())

    def test_a_captured_failure_shows_what_was_captured(self) -> None:
        with quiet() as err, self.assertRaises(SystemExit):
            sh("echo why; false", capture_output=True)
        self.assertIn("why\n", err.getvalue())

    def test_env_is_added_and_cwd_is_used(self) -> None:
        with quiet():
            out = sh("echo $A ${PATH:0:1}; pwd", env={"A": "1"}, cwd="/", capture_output=True)
        self.assertEqual(out, "1 /\n/\n")

    def test_timeout(self) -> None:
        with quiet() as err, self.assertRaises(SystemExit) as raised:
            sh("sleep 60; true", timeout=0.1)
        self.assertEqual(raised.exception.code, 124)
        self.assertIn("0.1 seconds", err.getvalue())

    def test_show_cmd(self) -> None:
        for show, expected in [(True, "$ true\n"), (False, "")]:
            with quiet() as err:
                sh("true", show_cmd=show)
            self.assertEqual(err.getvalue(), expected)


if __name__ == "__main__":
    unittest.main()
