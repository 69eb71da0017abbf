"""Ruby at build time."""

from .agent_command import run_agent


def install_ruby(version: str = "3.2") -> None:
    """Install Ruby for every user.

    :param version: such as ``"3.2"`` or ``"3.2.2"``
    :raises NuaError: when no image is being built
    :raises SystemExit: when there is no such version, or it cannot be had
    """
    run_agent("install-ruby", str(version))
