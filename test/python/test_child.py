from __future__ import annotations

import signal
import subprocess
import sys
import time
import unittest
from itertools import product

from nua.lib.child import TIMED_OUT, Command, Hearers, hearers_of, run_child
from support import quiet, start_python

RUN = """
import sys
from nua.lib.child import Command, hearers_of, run_child
from nua.lib.shell_line import bash_argv
line = sys.argv[1]
ended = run_child(Command(bash_argv(line), hearers=hearers_of(line)))
print(ended.status, ended.stopped_by, flush=True)
"""

# Prints "ready"; ends with a status of its own when told to stop.
POLITE = f"""{sys.executable} -uc '
import signal, sys, time
def stop(*_):
    print("bye")
    sys.exit(3)
signal.signal(signal.SIGTERM, stop)
signal.signal(signal.SIGUSR1, lambda *_: print("usr1"))
print("ready")
while True:
    # One that comes just before a long sleep is heard at its end only.
    time.sleep(0.05)
'"""


class RunChildTest(unittest.TestCase):
    def test_statuses(self) -> None:
        for line, status in [("exit 0", 0), ("exit 41", 41), ("kill -KILL $$", 137)]:
            with self.subTest(line):
                ended = run_child(Command(["bash", "-c", line]))
                self.assertEqual((ended.status, ended.stopped_by), (status, None))

    def test_a_program_that_cannot_start(self) -> None:
        for argv, cwd, status, says in [
            (["/no/such/program"], None, 127, "/no/such/program"),
            (["/etc/passwd"], None, 126, "/etc/passwd"),
            (["true"], "/no/such/folder", 127, "/no/such/folder"),
        ]:
            with self.subTest(argv), quiet() as err:
                self.assertEqual(run_child(Command(argv, cwd=cwd)).status, status)
                self.assertIn(says, err.getvalue())

    def test_a_command_that_takes_too_long_is_ended_with_all_it_started(self) -> None:
        ended = run_child(Command(["bash", "-c", "sleep 600; true"], timeout=0.2))
        self.assertEqual(ended.status, TIMED_OUT)

    def test_a_child_of_the_caller_keeps_its_status(self) -> None:
        other = subprocess.Popen(["bash", "-c", "exit 9"])
        run_child(Command(["sleep", "0.1"]))
        self.assertEqual(other.wait(), 9)

    def test_signals_of_the_caller_are_as_before(self) -> None:
        before = signal.pthread_sigmask(signal.SIG_BLOCK, [])
        run_child(Command(["true"]))
        self.assertEqual(signal.pthread_sigmask(signal.SIG_BLOCK, []), before)

    def test_nothing_is_blocked_in_the_child(self) -> None:
        ended = run_child(Command(["bash", "-c", "grep -q 'SigBlk:.0*$' /proc/self/status"]))
        self.assertEqual(ended.status, 0)


class ForwardingTest(unittest.TestCase):
    def check(self, line: str, number: int, expected: list[str]) -> None:
        script = start_python(RUN, line)
        assert script.stdout is not None
        self.assertEqual(script.stdout.readline(), "ready\n")
        script.send_signal(number)
        out, err = script.communicate(timeout=30)
        self.assertEqual(out.splitlines(), expected, err)

    def test_a_simple_command_gets_the_signal_once_and_keeps_its_status(self) -> None:
        self.check(POLITE, signal.SIGTERM, ["bye", "3 15"])

    def test_a_command_behind_a_shell_gets_it_and_keeps_its_status(self) -> None:
        self.check(f"cd / && {POLITE}; exit $?", signal.SIGTERM, ["bye", "3 15"])

    def test_an_app_in_the_background_of_its_shell_may_finish(self) -> None:
        self.check(f"{POLITE} & wait", signal.SIGTERM, ["bye", "143 15"])

    def test_an_app_without_a_handler_is_killed(self) -> None:
        for line in ["sh -c 'echo ready; exec sleep 600'", "(echo ready; exec sleep 600); exit $?"]:
            with self.subTest(line):
                self.check(line, signal.SIGTERM, ["143 15"])
                self.check(line, signal.SIGHUP, ["129 1"])

    def test_what_the_shell_starts_after_it_was_told_is_told_too(self) -> None:
        # A shell that goes on stands for one that was told just before it started a command.
        line = "trap : TERM; echo ready; sleep 600; sleep 600; exit 5"
        code = (
            "from nua.lib.child import Command, Hearers, run_child\n"
            f"command = Command(['bash', '-c', {line!r}], hearers=Hearers.GROUP_AS_IT_GROWS)\n"
            "print(run_child(command).status, flush=True)"
        )
        script = start_python(code)
        assert script.stdout is not None
        self.assertEqual(script.stdout.readline(), "ready\n")
        script.send_signal(signal.SIGTERM)
        self.assertEqual(script.communicate(timeout=30)[0], "5\n")

    def test_a_line_with_a_trap_of_its_own_may_clean_up(self) -> None:
        line = "trap 'sleep 0.3; echo clean; exit 6' TERM; echo ready; sleep 600; true"
        self.check(line, signal.SIGTERM, ["clean", "6 15"])

    def test_none_is_lost_while_the_shell_starts_a_command(self) -> None:
        # A shell with much in its memory takes long to start one: most of these signals come
        # while it does.
        fill = "x=$(printf %9000000s)"
        trap = "trap 'true; echo clean; exit 6' TERM HUP"
        # What a shell ends with that is told between commands is its last command's status.
        for line, ends in [
            (f"{trap}; {fill}; echo ready; sleep 600; true", [["clean", "6"]]),
            (f"{trap}; {fill}; echo ready; (sleep 600; true); true", [["clean", "6"]]),
            (f"{fill}; echo ready; sleep 600; true", [["143"], ["129"], ["0"]]),
            (f"{fill}; echo ready; sleep 600 & wait", [["143"], ["129"]]),
        ]:
            for delay, number in product((0, 0.002), (signal.SIGTERM, signal.SIGHUP)):
                with self.subTest(line, delay=delay, number=number):
                    script = start_python(RUN, line)
                    assert script.stdout is not None
                    self.assertEqual(script.stdout.readline(), "ready\n")
                    time.sleep(delay)
                    script.send_signal(number)
                    out, err = script.communicate(timeout=30)
                    *said, last = out.splitlines()
                    status, stopped_by = last.split()
                    self.assertIn([*said, status], ends, err)
                    self.assertEqual(int(stopped_by), number)

    def test_hearers(self) -> None:
        for line, hearers in [
            ("gunicorn app:app", Hearers.CHILD),
            ("cd / && gunicorn app:app", Hearers.GROUP_AS_IT_GROWS),
            ("trap 'rm x' EXIT; gunicorn app:app", Hearers.GROUP),
        ]:
            with self.subTest(line):
                self.assertEqual(hearers_of(line), hearers)

    def test_a_signal_that_does_not_ask_for_the_end(self) -> None:
        script = start_python(RUN, f"cd / && {POLITE}; exit $?")
        assert script.stdout is not None
        self.assertEqual(script.stdout.readline(), "ready\n")
        script.send_signal(signal.SIGUSR1)
        self.assertEqual(script.stdout.readline(), "usr1\n")
        script.send_signal(signal.SIGTERM)
        self.assertEqual(script.communicate(timeout=30)[0].splitlines(), ["bye", "3 15"])


if __name__ == "__main__":
    unittest.main()
