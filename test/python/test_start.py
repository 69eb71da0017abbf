from __future__ import annotations

import json
import os
import signal
import unittest
from unittest import mock

from nua.lib import start
from nua.lib.accounts import find_account, is_nua, is_root
from nua.lib.start import must_stay
from support import FolderCase, start_python

RUN = """
import json, sys
from nua.lib.start import run_app
run_app(**json.loads(sys.argv[1]))
"""


class HoldSignalsTest(unittest.TestCase):
    def test_it_holds_back_all_that_are_forwarded(self) -> None:
        code = (
            "import nua.lib.hold_signals\n"
            "import sys\n"
            "assert 'signal' not in sys.modules, 'it takes too long'\n"
            "import signal\n"
            "from nua.lib.child import FORWARDED_SIGNALS\n"
            "assert signal.pthread_sigmask(signal.SIG_BLOCK, []) == FORWARDED_SIGNALS\n"
        )
        script = start_python(code)
        out, err = script.communicate(timeout=60)
        self.assertEqual((script.returncode, out, err), (0, "", ""))


class MustStayTest(unittest.TestCase):
    def test_who_has_to_stay(self) -> None:
        for line, as_pid_1, otherwise in [
            ("gunicorn app:app", False, False),
            ("A=1 /nua/venv/bin/gunicorn app:app", False, False),
            ("node app.js", True, False),
            ("sudo node app.js", True, False),
            ("sudo gunicorn app:app", True, False),
            ("cd a && gunicorn app:app", True, True),
            ("gunicorn app:app > log", True, True),
        ]:
            with self.subTest(line):
                self.assertEqual(must_stay(line, pid=1), as_pid_1)
                self.assertEqual(must_stay(line, pid=77), otherwise)


@unittest.skipUnless(not is_root() or find_account("nua"), "needs user nua")
class RunAppTest(FolderCase):
    def setUp(self) -> None:
        super().setUp()
        self.folder.chmod(0o777)

    def run_app(self, *lines: str, **more: object) -> tuple[int, list[str], str]:
        order = {"start": lines, "before_run": [], "cwd": str(self.folder), "rendered": {}}
        process = start_python(RUN, json.dumps({**order, **more}))
        out, err = process.communicate(timeout=60)
        return process.returncode, out.splitlines(), err

    def test_commands_run_in_order_as_the_app_s_user_in_its_folder(self) -> None:
        me = "nua" if is_root() else str(os.geteuid())
        who = "id -un" if is_root() else "id -u"
        status, out, err = self.run_app(
            f"cd / && {who}", "pwd; true", f"printenv HOME; {who}", before_run=["echo first"]
        )
        home = "/nua" if is_root() or is_nua() else os.environ["HOME"]
        self.assertEqual((status, out, err), (0, ["first", me, str(self.folder), home, me], ""))

    def test_the_status_of_the_last_command_is_kept(self) -> None:
        for line, status in [
            ("true", 0),
            ("false", 1),
            ("bash -c 'exit 42'", 42),
            ("cd / && exit 43", 43),
            ("no-such-program-of-nua", 127),
        ]:
            with self.subTest(line):
                self.assertEqual(self.run_app(line)[0], status)

    def test_the_first_failure_stops_and_is_named(self) -> None:
        status, out, err = self.run_app("echo a", "exit 9", "echo never")
        self.assertEqual((status, out), (9, ["a"]))
        self.assertEqual(err, 'nua: Run "exit 9" of run.start: exit status 9\n')
        status, out, err = self.run_app("echo never", before_run=["false"])
        self.assertEqual((status, out), (1, []))
        self.assertEqual(err, 'nua: Run "false" of run.before-run: exit status 1\n')

    def test_a_start_script_follows_its_preparation(self) -> None:
        script = self.write("app_start.py", "import os\nprint(os.getuid())\nos._exit(7)\n")
        code = RUN.replace("run_app", "run_script")
        order = {"script": str(script), "cwd": str(self.folder), "rendered": {}}
        for before_run, status, expected in [(["pwd"], 7, 2), (["exit 4"], 4, 0)]:
            process = start_python(code, json.dumps({**order, "before_run": before_run}))
            out, err = process.communicate(timeout=60)
            lines = [str(self.folder), str(os.geteuid())][:expected]
            self.assertEqual((process.returncode, out.splitlines()), (status, lines), err)

    def test_nothing_to_start(self) -> None:
        status, out, err = self.run_app(before_run=["echo never"])
        self.assertEqual((status, out), (78, []))
        self.assertIn("run.start", err)

    def test_a_folder_that_is_missing_is_named(self) -> None:
        status, _, err = self.run_app("true", cwd="/no/such/folder")
        self.assertNotEqual(status, 0)
        self.assertIn("/no/such/folder", err)

    def test_a_template_s_mistake_ends_the_start(self) -> None:
        self.write("templates/x.j2", "\n{{ x")
        code = RUN.replace(
            "run_app(**",
            "import nua.agent.templates as t\n"
            "render = t.render_config_templates\n"
            f"t.render_config_templates = lambda d: render(d, {str(self.folder / 'templates')!r})\n"
            "run_app(**",
        )
        order = {"start": ["true"], "before_run": [], "cwd": "/", "rendered": {}}
        process = start_python(code, json.dumps(order))
        self.assertIn("templates/x.j2:2: ", process.communicate(timeout=60)[1])
        self.assertEqual(process.returncode, 1)

    def test_a_stop_during_preparation_ends_the_start(self) -> None:
        order = {"start": ["echo ready; sleep 60", "echo never"], "before_run": []}
        process = start_python(RUN, json.dumps({**order, "cwd": "/", "rendered": {}}))
        assert process.stdout is not None
        self.assertEqual(process.stdout.readline(), "ready\n")
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.communicate(timeout=60)[0], "")
        self.assertEqual(process.returncode, 143)

    def test_what_replaces_the_process_has_nothing_blocked_or_ignored(self) -> None:
        status, out, err = self.run_app("grep -E '^Sig(Blk|Ign)' /proc/self/status")
        self.assertEqual(status, 0, err)
        self.assertEqual([line.split()[1].strip("0") for line in out], ["", ""])


class PendingTest(unittest.TestCase):
    def test_a_stop_that_came_in_between_is_obeyed(self) -> None:
        with mock.patch.object(start, "pending_stop", return_value=15):
            self.assertEqual(start._become("true", "/", None), 143)
            self.assertEqual(start._prepare("true", "run.start", "/", None), 143)


if __name__ == "__main__":
    unittest.main()
