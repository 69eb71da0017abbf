/** Pure: compiles CPython from its sources, where there is no build of it. */
import { type Command, run, shell } from "../../../protocol/command.ts";

/** What Python's configure looks for; where one is missing, a module of its library is. */
export const BUILD_PACKAGES = [
  ...["build-essential", "pkg-config", "libssl-dev", "zlib1g-dev", "libbz2-dev", "liblzma-dev"],
  ...["libffi-dev", "libsqlite3-dev", "libreadline-dev", "libncurses-dev", "uuid-dev"],
  ...["libexpat1-dev", "libgdbm-dev"],
];

/** Seconds: two slow cores. */
const COMPILE_TIMEOUT = 7200;

export interface PythonCompilation {
  /** What the image's top is. */
  root: string;
  /** Where it is in the image. */
  prefix: string;
  /** A folder for sources and objects. */
  scratch: string;
  /** Path of the gzipped tar. */
  file: string;
}

export function compileCommands({ root, prefix, scratch, file }: PythonCompilation): Command[] {
  const folder = `${scratch}/python`;
  return [
    run(["mkdir", folder]),
    run([...UNPACK, "-f", file, "-C", folder]),
    run(["./configure", `--prefix=${prefix}`, "--without-ensurepip", ...OPTIONS], {
      cwd: folder,
      timeout: COMPILE_TIMEOUT,
    }),
    shell("make -j$(nproc)", { cwd: folder, timeout: COMPILE_TIMEOUT }),
    run(["make", "install", `DESTDIR=${root === "/" ? "" : root}`], { cwd: folder }),
    run(["rm", "-rf", folder]),
  ];
}

/** Finds what of it is linked with libraries; for `DebianPackages.linkedPackages`. */
export function linkedFiles(folder: string): string {
  return `find ${folder} -type f '(' -name '*.so*' -o -path '*/bin/python3.*' ')'`;
}

// --- internal ---

const UNPACK = ["tar", "--extract", "--gzip", "--no-same-owner", "--strip-components=1"];

const OPTIONS = ["--disable-test-modules", "--with-system-expat"];
