"""The app's configuration, as its build script or start script sees it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from nua.lib.actions.source import install_git_source, install_source
from nua.lib.errors import NuaError

FILE = "nua-config.json"
BUILD = Path("/nua/build")
METADATA = Path("/nua/metadata")


class Section(Mapping[str, Any]):
    """A table of the configuration. ``src-url`` and ``src_url`` are one key; none is None."""

    def __init__(self, data: Mapping[str, Any] | None) -> None:
        self._data = {key.replace("_", "-"): value for key, value in (data or {}).items()}

    def __getitem__(self, key: str) -> Any:
        return self._data.get(key.replace("_", "-"))

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and key.replace("_", "-") in self._data

    def get(self, key: str, default: Any = None) -> Any:
        """The value, or ``default`` where the configuration has none."""
        value = self[key]
        return default if value is None else value

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)


class NuaConfig:
    """The normalized configuration: nua-config.json, which Nua puts into every image.

    :param path: that file or its folder; by default, and when it is not there, the one of the
        build is used, or in a finished image the one of /nua/metadata
    :raises NuaError: when there is none, or it cannot be read
    """

    def __init__(self, path: str | os.PathLike[str] = ".") -> None:
        self.path = _find(Path(path))
        self.root_dir = self.path.parent
        try:
            self._data: dict[str, Any] = json.loads(self.path.read_bytes())
        except (OSError, ValueError) as error:
            raise NuaError(f'Read configuration "{self.path}": {error}') from error
        self.metadata = Section(self._data.get("metadata"))
        self.build = Section(self._data.get("build"))
        self.run = Section(self._data.get("run"))
        self.env = dict(self._data.get("env") or {})
        self.port = dict(self._data.get("port") or {})
        self.volume = list(self._data.get("volume") or [])
        self.provider = list(self._data.get("provider") or [])

    def as_dict(self) -> dict[str, Any]:
        """All of it, as it stands in the file."""
        return self._data

    @property
    def app_id(self) -> str:
        """metadata.id."""
        return str(self.metadata["id"])

    @property
    def src_url(self) -> str:
        """build.src-url with its braces filled in; empty when there is none."""
        return self._formatted("src-url")

    @property
    def src_checksum(self) -> str:
        """build.src-checksum; empty when there is none."""
        return str(self.build.get("src-checksum", ""))

    @property
    def git_url(self) -> str:
        """build.git-url with its braces filled in; empty when there is none."""
        return self._formatted("git-url")

    @property
    def git_branch(self) -> str:
        """build.git-branch with its braces filled in; "main" by default."""
        return self._formatted("git-branch") or "main"

    @property
    def project(self) -> str:
        """build.project with its braces filled in; empty when there is none."""
        return self._formatted("project")

    def fetch_source(self) -> Path:
        """Get the app's source, and return its folder.

        :raises NuaError: when the configuration names none, or it cannot be had
        """
        address = self.src_url or self.project
        if address:
            checksum = self.src_checksum if self.src_url else ""
            return install_source(address, BUILD, self.app_id, checksum)
        if self.git_url:
            return install_git_source(self.git_url, self.git_branch, BUILD)
        raise NuaError(
            f'Get the source of "{self.app_id}": "{self.path}" has none of build.src-url, '
            "build.project and build.git-url"
        )

    def _formatted(self, key: str) -> str:
        value = self.build[key]
        try:
            return str(value or "").format_map({**self.metadata, **self.build})
        except (KeyError, ValueError, IndexError, AttributeError) as error:
            raise NuaError(f'Fill in build.{key} "{value}": {error}') from error


# --- internal ---


def _find(path: Path) -> Path:
    context = os.environ.get("NUA_CONTEXT")
    folders = [path, BUILD, *([Path(context)] if context else []), METADATA]
    candidates = [place if place.suffix == ".json" else place / FILE for place in folders]
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    looked = ", ".join(f'"{candidate}"' for candidate in candidates)
    raise NuaError(f"Find {FILE}: looked for {looked}")
