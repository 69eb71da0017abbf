from __future__ import annotations

import os
import signal
import subprocess
import unittest

from nua.lib.held_shell import held_shell
from nua.lib.processes import group_of


def state_of(pid: int) -> str:
    return next(process.state for process in group_of(pid) if process.pid == pid)


class HeldShellTest(unittest.TestCase):
    def shell(self, line: str) -> subprocess.Popen[str]:
        words = ["bash", "-c", line]
        shell = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, start_new_session=True)
        self.addCleanup(shell.wait)
        self.addCleanup(os.killpg, shell.pid, signal.SIGKILL)
        assert shell.stdout is not None
        self.addCleanup(shell.stdout.close)
        self.assertEqual(shell.stdout.readline(), "ready\n")
        return shell

    def test_it_is_stopped_while_its_command_runs_and_goes_on_afterwards(self) -> None:
        shell = self.shell("trap : TERM; x=$(printf %9000000s); echo ready; sleep 600; true")
        with held_shell(shell.pid):
            self.assertEqual(state_of(shell.pid), "T")
            group = group_of(shell.pid)
            leader = next(process for process in group if process.pid == shell.pid)
            commands = [process for process in group if process.pid != shell.pid]
            self.assertEqual(len(commands), 1)
            # It may be about to become sleep: then it is a fork that has given up the trap, and a
            # signal ends it.
            self.assertNotEqual(
                (commands[0].words, commands[0].caught), (leader.words, leader.caught)
            )
        self.assertNotEqual(state_of(shell.pid), "T")

    def test_one_that_never_waits_is_left_alone(self) -> None:
        shell = self.shell("echo ready; while :; do :; done")
        with held_shell(shell.pid):
            self.assertNotEqual(state_of(shell.pid), "T")

    def test_one_that_has_ended_is_no_error(self) -> None:
        with held_shell(2**22 + 1):
            pass


if __name__ == "__main__":
    unittest.main()
