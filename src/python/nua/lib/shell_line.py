"""What kind of shell line it is, and how bash has to run it. Pure."""

from __future__ import annotations

import re

BASH = "/bin/bash"


def is_simple_command(line: str) -> bool:
    """Whether ``line`` is one program with its arguments, so that ``exec`` may go before it.

    Conservative: assignments, quotes, variables and globs are understood; anything that needs
    a shell to stay (lists, pipes, redirections, substitutions, builtins, keywords, a program
    named by a variable) answers False, and so does whatever is not understood.
    """
    return program_of(line) is not None


def program_of(line: str) -> str | None:
    """The program of a simple command, as written; None when the line is not one."""
    match = _SIMPLE_COMMAND.fullmatch(line)
    if match is None or match["program"] in _SHELL_WORDS:
        return None
    return match["program"]


def bash_argv(line: str) -> list[str]:
    """How to run ``line`` in bash, so that the status that comes back is the app's own.

    A simple command takes the shell's place. Otherwise the shell stays and is told, like its
    children, to stop: it then waits for the command in hand and ends with that one's status,
    in place of dying at once and leaving the app without a parent.
    """
    match = _SIMPLE_COMMAND.fullmatch(line)
    if match is not None and match["program"] not in _SHELL_WORDS:
        at = match.start("program")
        return [BASH, "-c", f"{line[:at]}exec {line[at:]}"]
    return [BASH, "-c", f"trap exit TERM INT HUP QUIT; trap : USR1 USR2; {line}"]


# --- internal ---

# Every alternative begins with a different character, so matching never backtracks far.
_PIECE = r"""
    (?: [\w@%+=:,./~^*?\[\]{}-]                # characters that never end a command
      | \\[^\n]
      | '[^']*'
      | "(?: [^"\\$`] | \\. | \$(?![(]) )*"    # "$X" and "${X}", but no "$(command)"
      | \$\w+ | \$\{\w+(?: :?[-+=?] [\w@%+=:,./-]* )?\}
    )
"""

_SIMPLE_COMMAND = re.compile(
    rf"""
    [ \t\n]*
    (?: [A-Za-z_]\w*= {_PIECE}* [ \t]+ )*
    (?P<program> [\w./+-]+ )
    (?: [ \t]+ {_PIECE}+ )*
    [ \t\n]*
    """,
    re.VERBOSE | re.ASCII | re.DOTALL,
)

# Bash's reserved words, and its builtins: `exec cd` would look for a program of that name.
_SHELL_WORDS = frozenset(
    """
    if then elif else fi time for in until while do done case esac coproc select function
    . : alias bg bind break builtin caller cd command compgen complete compopt continue declare
    dirs disown echo enable eval exec exit export false fc fg getopts hash help history jobs kill
    let local logout mapfile popd printf pushd pwd read readarray readonly return set shift shopt
    source suspend test times trap true type typeset ulimit umask unalias unset wait
    """.split()
)
