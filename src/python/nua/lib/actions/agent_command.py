"""Ask Nua's agent, which is there while an image is built."""

from __future__ import annotations

import os
import shlex
import shutil

from ..accounts import is_root
from ..errors import NuaError
from ..shell import sh

INSTALL_SECONDS = 3600


def run_agent(*arguments: str) -> None:
    """Run the agent as root.

    :raises NuaError: when there is no agent, as in a finished image
    :raises SystemExit: with its status when it fails
    """
    program = os.environ.get("NUA_AGENT") or shutil.which("app_builder")
    if not program:
        raise NuaError(
            f'Run "app_builder {shlex.join(arguments)}": the agent is there only while an image '
            "is built; call this from a build command or build.py"
        )
    sudo = [] if is_root() else ["sudo", "-n", "--"]
    sh(shlex.join([*sudo, program, *arguments]), timeout=INSTALL_SECONDS)
