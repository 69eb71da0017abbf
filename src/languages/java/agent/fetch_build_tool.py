"""Fetch Maven or Gradle, check it, and unpack it where the build finds it.

    fetch_build_tool.py TOOL VERSION URL CHECKSUM

CHECKSUM is ALGORITHM:HEX, or a hyphen: then the one that its server has beside it counts. A public
address is read from the mirror that the build's settings name.
"""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import ssl
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path, PurePosixPath

TOOLS = Path("/var/tmp/nua-tools")
SCRATCH = Path("/var/tmp/nua-agent")

# No distribution is larger.
MOST_BYTES = 600 * 1024 * 1024

PROGRAMS = {"maven": ["mvn", "mvnDebug", "mvnyjp"], "gradle": ["gradle"]}

# Public addresses, the variable of their mirror, and where its users name another.
MIRRORS = [
    ("https://repo.maven.apache.org/maven2/", "NUA_MAVEN_MIRROR"),
    ("https://repo1.maven.org/maven2/", "NUA_MAVEN_MIRROR"),
    ("https://services.gradle.org/distributions/", "NUA_GRADLE_MIRROR"),
]

# Suffixes beside a file, the strongest first.
SUMS = ["sha512", "sha256", "sha1"]


def main(tool: str, version: str, url: str, checksum: str) -> int:
    home = TOOLS / tool / "home"
    if (home.parent / "version").is_file():
        if (home.parent / "version").read_text() == f"{version} {url}\n":
            return 0
    variable = "NUA_GRADLE_MIRROR" if tool == "gradle" else "NUA_MAVEN_MIRROR"
    address = mirrored(url)
    print(f"Fetch {tool} {version}", flush=True)
    try:
        body = fetch(address)
        if body is None and address.endswith(".tar.gz"):
            address = address[: -len(".tar.gz")] + ".zip"
            body = fetch(address)
        if body is None:
            return fail(f"{shown(address)}: there is nothing", variable)
        expected = checksum if checksum != "-" else beside(address)
    except (OSError, ValueError) as error:
        return fail(f"{shown(address)}: {error}", variable)
    if expected is None:
        print(f"warning: nothing says what {shown(address)} has to be", flush=True)
    else:
        algorithm, wanted = expected.split(":")
        actual = hashlib.new(algorithm, body).hexdigest()
        if actual != wanted:
            return fail(f"{shown(address)}: expected {algorithm} {wanted}, got {actual}", variable)
    shutil.rmtree(home.parent, ignore_errors=True)
    unpack(body, home)
    link(tool, home)
    (home.parent / "version").write_text(f"{version} {url}\n")
    return 0


def mirrored(url: str) -> str:
    for beginning, variable in MIRRORS:
        mirror = os.environ.get(variable, "").rstrip("/")
        if mirror and url.startswith(beginning):
            return f"{mirror}/{url[len(beginning):]}"
    return url


def fetch(url: str) -> bytes | None:
    """What an address has; None where its server says that there is nothing."""
    request = urllib.request.Request(without_login(url))
    parts = urllib.parse.urlsplit(url)
    if parts.username is not None:
        pair = f"{urllib.parse.unquote(parts.username)}:{urllib.parse.unquote(parts.password or '')}"
        request.add_unredirected_header("Authorization", f"Basic {base64.b64encode(pair.encode()).decode()}")
    request.add_header("User-Agent", "nua-build")
    for attempt in range(3):
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                body = answer.read(MOST_BYTES + 1)
                if len(body) > MOST_BYTES:
                    raise ValueError("it is larger than any distribution")
                return body
        except urllib.error.HTTPError as error:
            if error.code in (404, 410):
                return None
            if error.code < 500 and error.code != 429 or attempt == 2:
                raise
        except (urllib.error.URLError, TimeoutError, ssl.SSLError):
            if attempt == 2:
                raise
        time.sleep(2 * (attempt + 1))
    return None


def beside(url: str) -> str | None:
    for algorithm in SUMS:
        text = (fetch(f"{url}.{algorithm}") or b"").decode("ascii", "replace").split()
        length = hashlib.new(algorithm).digest_size * 2
        found = [word.lower() for word in text if len(word) == length]
        if found:
            return f"{algorithm}:{found[0]}"
    return None


def unpack(body: bytes, home: Path) -> None:
    archive = SCRATCH / "build-tool"
    archive.write_bytes(body)
    if archive.read_bytes()[:2] == b"\x1f\x8b":
        unpack_tar(archive, home)
    else:
        unpack_zip(archive, home)
    archive.unlink()


def unpack_zip(archive: Path, home: Path) -> None:
    with zipfile.ZipFile(archive) as members:
        for member in members.infolist():
            target = inside(member.filename, home)
            if target is None or member.is_dir():
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            with members.open(member) as source, target.open("wb") as file:
                shutil.copyfileobj(source, file)
            target.chmod(0o755 if "/bin/" in member.filename else 0o644)


def unpack_tar(archive: Path, home: Path) -> None:
    import tarfile

    with tarfile.open(archive, "r:gz") as members:
        for member in members:
            target = inside(member.name, home)
            source = members.extractfile(member) if member.isfile() else None
            if target is None or source is None:
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            with source, target.open("wb") as file:
                shutil.copyfileobj(source, file)
            target.chmod(0o755 if member.mode & 0o100 else 0o644)


def inside(name: str, home: Path) -> Path | None:
    """Without the folder that all of it is in; None for what is not below that."""
    parts = PurePosixPath(name).parts[1:]
    if not parts or ".." in parts or name.startswith("/"):
        return None
    return home.joinpath(*parts)


def link(tool: str, home: Path) -> None:
    """Its programs are found by their names, and read the build's settings."""
    bin_folder = TOOLS / "bin"
    bin_folder.mkdir(parents=True, exist_ok=True)
    for name in PROGRAMS[tool]:
        if not (home / "bin" / name).is_file():
            continue
        path = bin_folder / name
        path.unlink(missing_ok=True)
        path.symlink_to(home / "bin" / name)
    if tool == "maven":
        settings = home / "conf" / "settings.xml"
        settings.unlink(missing_ok=True)
        settings.parent.mkdir(exist_ok=True)
        settings.symlink_to(SCRATCH / "java" / "settings.xml")
        return
    (home / "init.d").mkdir(exist_ok=True)
    for name, place in [("init.d/nua.gradle", "init.gradle"), ("gradle.properties",) * 2]:
        (home / name).unlink(missing_ok=True)
        (home / name).symlink_to(SCRATCH / "java" / place)


def without_login(url: str) -> str:
    parts = urllib.parse.urlsplit(url)
    return urllib.parse.urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def shown(url: str) -> str:
    return without_login(url)


def fail(message: str, variable: str) -> int:
    sys.stderr.write(f"{message}\nname a server that has it with {variable}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
