from __future__ import annotations

import subprocess
import unittest

from nua.lib.shell_line import bash_argv, is_simple_command, program_of

SIMPLE = [
    "gunicorn app:app",
    "  node app.js\n",
    "gunicorn --worker-tmp-dir /dev/shm --workers 2 -b :8080 flask_one_setup.wsgi:app",
    "gunicorn --workers 2 -b :5000 'flask_app.app:create_app()'",
    "flask --app \"x:create_app()\" run",
    "FOO=1 BAR='a; b' gunicorn x",
    "EMPTY= node app.js",
    "sudo node app.js",
    "/nua/build/app/bin/run-it --port=$PORT --host ${HOST:-0.0.0.0}",
    'python -c "import x; x.main()"',
    "python -c 'from a import main; main()'",
    r"echo-server a\ b\;c",
    "ls /nua/Maildir/{cur,new} *.py ~/x",
    'say "$HOME is ${HOME}"',
]

NOT_SIMPLE = [
    "",
    "   ",
    "cd a && gunicorn",
    "a; b",
    "a | b",
    "a &",
    "a\nb",
    "a > log",
    "a 2>&1",
    "a < in",
    "(a)",
    "{ a; }",
    "! a",
    "if true; then a; fi",
    "exec gunicorn",
    "export A=1",
    "source env.sh",
    ". env.sh",
    "cd /nua/build",
    "A=1",
    "$PROGRAM x",
    '"my program" x',
    "a $(date)",
    'a "$(date)"',
    "a `date`",
    'a "`date`"',
    'a "unclosed',
    "a 'unclosed",
    "a # comment",
    "a $((1+1))",
    "a <(b)",
    "a ${x:-$(date)}",
    "a $'x'",
    "time gunicorn",
    "[ -f x ]",
    "[[ -f x ]]",
]


class ShellLineTest(unittest.TestCase):
    def test_simple_commands(self) -> None:
        for line in SIMPLE:
            with self.subTest(line):
                self.assertTrue(is_simple_command(line))

    def test_lines_that_need_their_shell(self) -> None:
        for line in NOT_SIMPLE:
            with self.subTest(line):
                self.assertFalse(is_simple_command(line))

    def test_program_is_what_follows_the_assignments(self) -> None:
        self.assertEqual(program_of("A=1 B='x y' /usr/bin/env z"), "/usr/bin/env")
        self.assertIsNone(program_of("a; b"))

    def test_exec_goes_between_the_assignments_and_the_program(self) -> None:
        self.assertEqual(bash_argv("A=1 env x")[2], "A=1 exec env x")
        printed = subprocess.check_output(bash_argv("A='1 2' printenv A"), text=True)
        self.assertEqual(printed, "1 2\n")

    def test_a_line_with_its_shell_keeps_the_status_of_its_last_command(self) -> None:
        for line, status in [("true; exit 7", 7), ("sleep 0; false", 1), ("cd / && true", 0)]:
            with self.subTest(line):
                self.assertEqual(subprocess.run(bash_argv(line)).returncode, status)

    def test_a_long_line_is_judged_at_once(self) -> None:
        self.assertFalse(is_simple_command("a " + "b=c " * 20000 + ";"))


if __name__ == "__main__":
    unittest.main()
