/** Compiles Ruby from source. Pure. */
import { type Command, run, shell } from "../../../protocol/command.ts";

/** What Ruby's configure looks for; where one is missing, a part of its library is. */
export const BUILD_PACKAGES = [
  ...["build-essential", "libssl-dev", "libyaml-dev", "zlib1g-dev", "libffi-dev", "libgmp-dev"],
  ...["libreadline-dev"],
];

/** Not where the distribution's OpenSSL is looked for. */
const OPENSSL_PREFIX = "/usr/local/lib/nua/openssl";

/** Seconds: two slow cores and both sources. */
const COMPILE_TIMEOUT = 7200;

interface Archive {
  version: string;
  /** Path of the gzipped tar. */
  file: string;
}

export interface RubyCompilation {
  root: string;
  /** A folder for sources and objects. */
  scratch: string;
  ruby: Archive;
  /** The OpenSSL to compile before; null: the distribution's. */
  openssl: Archive | null;
}

export function compileCommands({ root, scratch, ruby, openssl }: RubyCompilation): Command[] {
  const folder = `${scratch}/ruby`;
  return [
    ...(openssl === null ? [] : opensslCommands(openssl, scratch, root)),
    ...unpack(ruby.file, folder),
    run(
      [
        ...["./configure", "--prefix=/usr/local", "--disable-install-doc", "debugflags=-g0"],
        ...(openssl === null
          ? []
          : [`--with-openssl-dir=${OPENSSL_PREFIX}`, `LDFLAGS=-Wl,-rpath,${OPENSSL_PREFIX}/lib`]),
      ],
      { cwd: folder, timeout: COMPILE_TIMEOUT },
    ),
    make(folder),
    run(["make", "install", `DESTDIR=${root === "/" ? "" : root}`], { cwd: folder }),
    // For programs with a Ruby inside, and a third of all.
    shell(`rm -f ${below(root, "/usr/local/lib/libruby-static.a")}`),
    run(["rm", "-rf", folder]),
  ];
}

/** Finds what of a compiled Ruby is linked with libraries; for `DebianPackages.linkedPackages`. */
export function linkedFiles(root: string): string {
  return `find ${below(root, "/usr/local")} -type f '(' -name '*.so*' -o -path '*/bin/ruby' ')'`;
}

// --- internal ---

function opensslCommands({ file }: Archive, scratch: string, root: string): Command[] {
  const folder = `${scratch}/openssl`;
  return [
    ...unpack(file, folder),
    // The certificates are the distribution's.
    run(["./config", `--prefix=${OPENSSL_PREFIX}`, "--openssldir=/usr/lib/ssl", "shared"], {
      cwd: folder,
    }),
    make(folder),
    run(["make", "install_sw"], { cwd: folder }),
    run(["rm", "-rf", folder]),
    // Ruby is linked with it in its own place, wherever Ruby itself goes.
    ...(root === "/"
      ? []
      : [run(["mkdir", "-p", root]), run(["cp", "--archive", "--parents", OPENSSL_PREFIX, root])]),
  ];
}

function unpack(file: string, folder: string): Command[] {
  return [
    run(["mkdir", folder]),
    run([
      ...["tar", "--extract", "--gzip", "--no-same-owner", "--strip-components=1"],
      ...["-f", file, "-C", folder],
    ]),
  ];
}

/** A line, for the number of processors. */
function make(folder: string): Command {
  return shell("make -j$(nproc)", { cwd: folder, timeout: COMPILE_TIMEOUT });
}

function below(root: string, path: string): string {
  return root === "/" ? path : `${root}${path}`;
}
