"""The one error of this library."""


class NuaError(Exception):
    """Something that the packager or the operator can mend; the message says what and how."""
