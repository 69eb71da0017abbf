"""Node.js at build time."""

from .agent_command import run_agent


def install_nodejs(version: str = "20") -> None:
    """Install Node.js with npm and yarn for every user.

    :param version: the major version, such as ``"20"``
    :raises NuaError: when no image is being built
    :raises SystemExit: when there is no such version, or it cannot be had
    """
    run_agent("install-node", str(version))
