"""Keep what Deno has fetched in the form that the app reads: ``deno_cache.py open|close [LOCK]``.

Deno names what it has fetched by the address that it came from. In an image that is the public one,
whichever mirror has handed it out: ``close`` gives it that, and takes away what would differ from
build to build, such as times and the answers' own headers, with what Deno makes anew by itself.
``open`` lets a build find it by the addresses of its mirrors again.
Source: denoland/deno_cache_dir, "global cache"; denoland/deno_npm_cache, "root_url_to_safe_local_dirname".
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

NPM = "registry.npmjs.org"
JSR = "https://jsr.io/"
MARK = b"\n// denoCacheMetadata="

# What says how a module is to be read, and where it leads.
HEADERS = {"content-type", "location", "x-typescript-types", "x-deno-warning"}

# Deno's own, and what is compiled: both are made anew.
NOTES = (
    "dep_analysis_cache_v*",
    "node_analysis_cache_v*",
    "v8_code_cache_v*",
    "check_cache_v*",
    "fast_check_cache_v*",
    "remote_resolution_cache_v*",
    "gen",
    "latest.txt",
    "deno_history.txt",
    "node_compat_bin",
)

# Of what is installed beside the app: where it locks.
LOCKS = ("node_modules/.deno/.deno.lock", "node_modules/.deno/.deno.lock.poll")


def main(action: str, lock: str | None) -> None:
    """Open or close the folder of what was fetched, if there is any."""
    cache = Path(os.environ.get("DENO_DIR", ""))
    if not cache.is_absolute() or not cache.is_dir():
        return
    if action == "open":
        _open_npm(cache / "npm")
        _copy_modules(cache / "remote", JSR, _jsr())
        return
    _close_npm(cache / "npm")
    _move_modules(cache / "remote", _jsr(), JSR)
    _remove_notes(cache)
    for path in _files(cache / "remote"):
        _renew(path)
    # Without a lock file that is kept, they tell which versions a build has taken.
    if lock is not None:
        _shorten_modules(cache / "remote")
    _shorten_packages(cache / "npm" / NPM, _format_of(lock))


def _jsr() -> str:
    return os.environ.get("JSR_URL", JSR)


def _npm_folder() -> str | None:
    """The folder of the mirror's packages, relative; None where there is no mirror."""
    url = os.environ.get("NPM_CONFIG_REGISTRY")
    if not url:
        return None
    parts = urlsplit(url)
    host = parts.hostname or ""
    # An address of digits is no domain, and left out.
    domain = "" if ":" in host or re.fullmatch(r"[\d.]+", host) else host
    place = "_".join(part for part in (domain, str(parts.port or "")) if part)
    names = [name for name in (place, *parts.path.split("/")) if name]
    if names == [NPM] or ".." in names:
        return None
    return "/".join(re.sub(r'[<>:"|?*\\]', "_", name) for name in names) or "_"


def _open_npm(npm: Path) -> None:
    name = _npm_folder()
    if name is None or not (npm / NPM).is_dir() or (npm / name).exists():
        return
    (npm / name).parent.mkdir(parents=True, exist_ok=True)
    (npm / name).symlink_to(npm / NPM)


def _close_npm(npm: Path) -> None:
    name = _npm_folder()
    if name is None:
        return
    mirror = npm / name
    if mirror.is_symlink():
        mirror.unlink()
    elif mirror.is_dir():
        _merge(mirror, npm / NPM)
    _remove_empty(mirror.parent, npm)


def _merge(source: Path, target: Path) -> None:
    """Move what is not there yet."""
    target.mkdir(parents=True, exist_ok=True)
    for entry in sorted(source.iterdir()):
        to = target / entry.name
        if entry.is_dir() and not entry.is_symlink() and to.is_dir():
            _merge(entry, to)
        elif not to.exists():
            entry.rename(to)
    shutil.rmtree(source)


def _place(url: str) -> Path:
    """Where a module lies, below ``remote``. Source: deno_cache_dir, ``url_to_filename``."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = f"_PORT{parts.port}" if parts.port else ""
    rest = parts.path + (f"?{parts.query}" if parts.query else "")
    return Path(parts.scheme) / f"{host}{port}" / hashlib.sha256(rest.encode()).hexdigest()


def _modules(remote: Path, start: str) -> Iterator[tuple[Path, str, bytes, dict]]:
    """The modules whose addresses begin so, with those, their texts and what is noted of them."""
    folder = remote / _place(start).parent
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        text, note = _split(path)
        url = note.get("url") if note else None
        if note and isinstance(url, str) and url.startswith(start):
            yield path, url, text, note


def _copy_modules(remote: Path, start: str, other: str) -> None:
    """Let them be found by other addresses, too."""
    if start == other:
        return
    for _, url, text, note in list(_modules(remote, start)):
        _write_as(remote, other + url.removeprefix(start), text, note)


def _move_modules(remote: Path, start: str, other: str) -> None:
    if start == other:
        return
    for path, url, text, note in list(_modules(remote, start)):
        if not (remote / _place(other + url.removeprefix(start))).exists():
            _write_as(remote, other + url.removeprefix(start), text, note)
        path.unlink()
        _remove_empty(path.parent, remote)


def _write_as(remote: Path, url: str, text: bytes, note: dict) -> None:
    path = remote / _place(url)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text + MARK + json.dumps({**note, "url": url}).encode())


def _split(path: Path) -> tuple[bytes, dict | None]:
    """Text, and what is noted of it."""
    content = path.read_bytes()
    at = content.rfind(MARK)
    if at < 0:
        return content, None
    try:
        note = json.loads(content[at + len(MARK) :])
    except ValueError:
        return content, None
    return content[:at], note if isinstance(note, dict) else None


def _renew(path: Path) -> None:
    """Without what differs from build to build."""
    text, note = _split(path)
    if note is None:
        return
    headers = note.get("headers")
    kept = {
        str(name): value
        for name, value in sorted((headers if isinstance(headers, dict) else {}).items())
        if str(name).lower() in HEADERS
    }
    # Zero would pass for a module that has just been fetched, or long ago: nothing asks for it.
    plain = {"headers": kept, "url": note.get("url"), "time": 0}
    if plain != note or list(plain) != list(note):
        path.write_bytes(text + MARK + json.dumps(plain, separators=(",", ":")).encode())


def _shorten_modules(remote: Path) -> None:
    """Of all versions of a package, name those that are there: others come and go."""
    for path, url, text, note in list(_modules(remote, JSR)):
        if not url.endswith("/meta.json"):
            continue
        start = url.removesuffix("meta.json")
        try:
            listed = json.loads(text)
            versions = {
                version: said
                for version, said in sorted(listed["versions"].items())
                if (remote / _place(f"{start}{version}_meta.json")).exists()
            }
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
        if not versions or versions.keys() == listed["versions"].keys():
            continue
        short = {**listed, "versions": versions, "latest": next(reversed(versions))}
        content = json.dumps(short, separators=(",", ":")).encode()
        path.write_bytes(content + MARK + json.dumps(note, separators=(",", ":")).encode())


def _format_of(lock: str | None) -> int:
    """The version of a lock file's format; 0 where there is none."""
    try:
        return int(json.loads(Path(lock or "").read_text())["version"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0


def _shorten_packages(npm: Path, lock: int) -> None:
    """Take lists away where the lock file has all that they say; else name what is there alone."""
    for path in [*npm.glob("*/registry.json"), *npm.glob("@*/*/registry.json")]:
        # Source: denoland/deno_lockfile, "version 5": what packages depend on stands there, too.
        if lock >= 5:
            path.unlink()
            continue
        try:
            listed = json.loads(path.read_text())
            short = _short_list(listed, path)
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
        path.write_text(json.dumps(short, separators=(",", ":"), sort_keys=True))


def _short_list(listed: dict, path: Path) -> dict:
    name = str(listed["name"])
    versions = {
        version: said
        for version, said in listed["versions"].items()
        if "/" not in version and (path.parent / version).is_dir()
    }
    if _npm_folder() is not None:
        for version, said in versions.items():
            file = f"{name.rpartition('/')[2]}-{version}.tgz"
            said["dist"]["tarball"] = f"https://{NPM}/{name}/-/{file}"
    tags = listed.get("dist-tags") or {}
    kept = {tag: version for tag, version in tags.items() if version in versions}
    marks = {key: listed[key] for key in listed if key == "_deno.packumentFormat"}
    return {"name": name, "versions": versions, "dist-tags": kept, **marks}


def _remove_notes(cache: Path) -> None:
    for pattern in NOTES:
        for path in cache.glob(pattern):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
    for name in LOCKS:
        Path(name).unlink(missing_ok=True)


def _files(folder: Path) -> list[Path]:
    found = []
    for root, _, names in os.walk(folder):
        found += [Path(root) / name for name in names]
    return found


def _remove_empty(folder: Path, top: Path) -> None:
    while folder != top and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None)
