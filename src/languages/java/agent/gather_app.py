"""Gather what a Java build has made where the image starts it from.

    gather_app.py OUT NAME MAIN FOLDER...

OUT gets app.jar (or app.war, quarkus-run.jar, bin/NAME) and lib. FOLDERs are where the build may have put
its result, such as target and build/libs. MAIN is the class that is started where no jar names one, or a
hyphen; its libraries are in nua-libraries then, beside the jar or its folder. What is there already with the same
contents is left alone, so that a layer of dependencies holds it.
"""

from __future__ import annotations

import sys
import shutil
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from urllib.parse import quote, unquote

# Where the plan has the libraries copied to, for jars that name none.
LIBRARIES = "nua-libraries"

# A fixed time: two builds make the same file. The first that a zip file can hold.
TIME = (1980, 1, 1, 0, 0, 0)

# What is beside the app, and not it.
BESIDE = ("-sources.jar", "-javadoc.jar", "-tests.jar", "-test-sources.jar", "-plain.jar", "-stubs.jar")

# What people call a jar that has all in it.
WHOLE = ("-all", "-shaded", "-fat", "-uber", "-jar-with-dependencies", "-exec", "-runner", "-standalone")

LOADER = b"org.springframework.boot.loader."


def main(out: str, name: str, main_class: str, *folders: str) -> int:
    target = Path(out)
    for folder in map(Path, folders):
        if (folder / "quarkus-app" / "quarkus-run.jar").is_file():
            copy_tree(folder / "quarkus-app", target)
            return 0
        if folder.name == "install" and folder.is_dir():
            return take_distribution(folder, target, name)
    jars = [jar for folder in map(Path, folders) for jar in sorted(folder.glob("*.[jw]ar"))]
    found = choose(jars, main_class)
    if found is None:
        seen = ", ".join(str(jar) for jar in jars) or "no jar at all"
        sys.stderr.write(
            f"the build has made nothing that can be started: no jar in {', '.join(folders)} "
            f"names a Main-Class; there is {seen}\n"
        )
        return 1
    print(f"Start {found}", flush=True)
    take(found, target, main_class)
    return 0


def choose(jars: list[Path], main_class: str) -> Path | None:
    """The one that says what it starts and has all in it; else the first that says it."""
    ranked = []
    for jar in jars:
        if jar.name.endswith(BESIDE) or jar.name.startswith("original-"):
            continue
        manifest = manifest_of(jar)
        if "Start-Class" in manifest:
            rank = 0
        elif "Main-Class" in manifest:
            rank = 1 if jar.stem.endswith(WHOLE) else 2
        elif main_class != "-" and jar.suffix == ".jar":
            rank = 3
        else:
            continue
        ranked.append((rank, jar.name, jar))
    return min(ranked)[2] if ranked else None


def take(jar: Path, out: Path, main_class: str) -> None:
    manifest = manifest_of(jar)
    with zipfile.ZipFile(jar) as members:
        names = members.namelist()
    if jar.suffix == ".war":
        copy(jar, out / "app.war")
    elif "Start-Class" in manifest and any(name.startswith("BOOT-INF/lib/") for name in names):
        take_apart(jar, manifest, out)
    elif jar.stem.endswith("-runner"):
        # One of Quarkus' older kind has its libraries beside it.
        copy(jar, out / "quarkus-run.jar")
        copy_named(jar, manifest, out)
    elif "Main-Class" in manifest and not lacks_libraries(jar, manifest):
        copy(jar, out / "app.jar")
        copy_named(jar, manifest, out)
    else:
        start = manifest.get("Main-Class", main_class)
        with_libraries(jar, start, out)


def lacks_libraries(jar: Path, manifest: dict[str, str]) -> bool:
    """Whether a jar names others that are not there, or names none and needs some."""
    paths = class_path(manifest)
    if paths:
        return any(not (jar.parent / path).is_file() for path in paths)
    return any(place.is_dir() for place in library_places(jar))


def library_places(jar: Path) -> list[Path]:
    """Beside the jar as Maven has it, beside its folder as Gradle does."""
    return [jar.parent / LIBRARIES, jar.parent.parent / LIBRARIES]


def copy_named(jar: Path, manifest: dict[str, str], out: Path) -> None:
    """Copy the jars that a jar names, as far as they are there."""
    for path in class_path(manifest):
        if (jar.parent / path).is_file():
            copy(jar.parent / path, out / path)


def class_path(manifest: dict[str, str]) -> list[str]:
    paths = [unquote(word) for word in manifest.get("Class-Path", "").split()]
    return [path for path in paths if is_inside(path) and not path.endswith("/")]


def is_inside(path: str) -> bool:
    return not path.startswith("/") and ":" not in path and ".." not in PurePosixPath(path).parts


def take_apart(jar: Path, manifest: dict[str, str], out: Path) -> None:
    """A jar of Spring Boot's: its libraries as files, and a jar with the app's own."""
    with zipfile.ZipFile(jar) as members:
        libraries = [one for one in members.infolist() if is_library(one.filename)]
        kept = set()
        for one in libraries:
            name = PurePosixPath(one.filename).name
            kept.add(name)
            path = out / "lib" / name
            if not is_same(path, one.file_size, one.CRC):
                write(path, members.read(one))
        clear(out / "lib", kept)
        # As Spring's loader has it: what the index names comes first. Source: ClassPathIndexFile.
        indexed = [PurePosixPath(path).name for path in index_of(members)]
        there = [PurePosixPath(one.filename).name for one in libraries]
        names = [name for name in dict.fromkeys([*indexed, *there]) if name in kept]
        own = [
            (inner, members.read(one))
            for one in members.infolist()
            if not one.is_dir()
            and (inner := own_name(one.filename)) is not None
            and not (is_top_service(one.filename) and is_of_loader(members.read(one)))
        ]
    write_jar(out / "app.jar", {**manifest, "Main-Class": manifest["Start-Class"]}, names, own)


def is_library(name: str) -> bool:
    return name.startswith("BOOT-INF/lib/") and name.endswith(".jar")


def own_name(name: str) -> str | None:
    """What the app's own jar calls it; none of what only starts jars within jars."""
    if name.startswith("BOOT-INF/classes/"):
        return name[len("BOOT-INF/classes/") :]
    if name.startswith("META-INF/") and name != "META-INF/MANIFEST.MF":
        return name
    return None


def is_top_service(name: str) -> bool:
    return name.startswith("META-INF/services/")


def is_of_loader(text: bytes) -> bool:
    """Whether a list of providers names only those of Spring's loader, which is left out."""
    lines = [line.split(b"#")[0].strip() for line in text.splitlines()]
    names = [line for line in lines if line]
    return names != [] and all(name.startswith(LOADER) for name in names)


def index_of(members: zipfile.ZipFile) -> list[str]:
    """The order of a class path: `- "BOOT-INF/lib/a.jar"`, a line for each."""
    try:
        text = members.read("BOOT-INF/classpath.idx").decode()
    except KeyError:
        return []
    return [line.strip()[3:-1] for line in text.splitlines() if line.strip().startswith('- "')]


def with_libraries(jar: Path, main_class: str, out: Path) -> None:
    places = library_places(jar)
    folder = next((place for place in places if place.is_dir()), places[0])
    libraries = sorted(path.name for path in folder.glob("*.jar"))
    for name in libraries:
        copy(folder / name, out / "lib" / name)
    clear(out / "lib", set(libraries))
    with zipfile.ZipFile(jar) as members:
        own = [
            (one.filename, members.read(one))
            for one in members.infolist()
            if not one.is_dir() and one.filename != "META-INF/MANIFEST.MF"
        ]
    write_jar(out / "app.jar", {**manifest_of(jar), "Main-Class": main_class}, libraries, own)


def take_distribution(folder: Path, out: Path, name: str) -> int:
    """What Gradle's task installDist makes: NAME/bin/SCRIPT, NAME/lib, and what an app has beside."""
    (home,) = [path for path in folder.iterdir() if path.is_dir()][:1] or [folder]
    scripts = [path for path in (home / "bin").glob("*") if path.suffix != ".bat"]
    if len(scripts) == 0:
        sys.stderr.write(f"{folder} has no script to start\n")
        return 1
    copy_tree(home, out)
    script = next((path for path in scripts if path.name == name), scripts[0])
    if script.name != name:
        (out / "bin" / script.name).rename(out / "bin" / name)
    for path in (out / "bin").glob("*.bat"):
        path.unlink()
    (out / "bin" / name).chmod(0o755)
    return 0


def manifest_of(jar: Path) -> dict[str, str]:
    """Its main section; lines that begin with a space go on with the one before."""
    try:
        with zipfile.ZipFile(jar) as members:
            text = members.read("META-INF/MANIFEST.MF").decode("utf-8", "replace")
    except (KeyError, zipfile.BadZipFile):
        return {}
    main_section = text.replace("\r\n", "\n").replace("\n ", "").split("\n\n")[0]
    pairs = [line.split(": ", 1) for line in main_section.splitlines() if ": " in line]
    return {key: value.strip() for key, value in pairs}


# What says how a jar of Spring Boot's is started, and where that has its files.
DROPPED = ("Start-Class", "Spring-Boot-Classes", "Spring-Boot-Lib", "Spring-Boot-Classpath-Index")


def write_jar(
    path: Path, manifest: dict[str, str], libraries: list[str], own: list[tuple[str, bytes]]
) -> None:
    said = {key: value for key, value in manifest.items() if key not in DROPPED}
    said.pop("Spring-Boot-Layers-Index", None)
    said["Class-Path"] = " ".join(f"lib/{quote(name)}" for name in libraries)
    text = "".join(folded(f"{key}: {value}") for key, value in ordered(said))
    path.unlink(missing_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as jar:
        entry(jar, "META-INF/MANIFEST.MF", f"{text}\r\n".encode())
        made = set()
        for name, body in own:
            # Class loaders ask for folders as well: Spring looks for classes by those.
            for folder in reversed(PurePosixPath(name).parents[:-1]):
                if str(folder) not in made:
                    made.add(str(folder))
                    entry(jar, f"{folder}/", b"")
            if name not in made:
                made.add(name)
                entry(jar, name, body)


def ordered(manifest: dict[str, str]) -> list[tuple[str, str]]:
    version = manifest.pop("Manifest-Version", "1.0")
    return [("Manifest-Version", version), *((k, v) for k, v in manifest.items() if v != "")]


def entry(jar: zipfile.ZipFile, name: str, body: bytes) -> None:
    one = zipfile.ZipInfo(name, TIME)
    one.external_attr = (0o755 if name.endswith("/") else 0o644) << 16
    one.compress_type = zipfile.ZIP_STORED if name.endswith("/") else zipfile.ZIP_DEFLATED
    jar.writestr(one, body)


def folded(line: str) -> str:
    """No line of a manifest is longer than 72 bytes. Source: JAR File Specification."""
    lines = [line[:72]]
    rest = line[72:]
    while rest:
        lines.append(f" {rest[:71]}")
        rest = rest[71:]
    return "".join(f"{one}\r\n" for one in lines)


def copy_tree(source: Path, out: Path) -> None:
    kept = set()
    for path in sorted(source.rglob("*")):
        inner = path.relative_to(source)
        if path.is_file():
            kept.add(inner)
            copy(path, out / inner)
    for path in sorted(out.rglob("*")):
        if path.is_file() and path.relative_to(out) not in kept:
            path.unlink()


def copy(source: Path, path: Path) -> None:
    body = source.read_bytes()
    if not is_same(path, len(body), zlib.crc32(body)):
        write(path, body)
        shutil.copymode(source, path)


def write(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_bytes(body)


def is_same(path: Path, size: int, crc: int) -> bool:
    return path.is_file() and path.stat().st_size == size and zlib.crc32(path.read_bytes()) == crc


def clear(folder: Path, kept: set[str]) -> None:
    if folder.is_dir():
        for path in folder.iterdir():
            if path.name not in kept:
                path.unlink()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
