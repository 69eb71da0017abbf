/** CPython itself: builds that run anywhere (python-build-standalone), and its sources. */
import { withSlash } from "../lib/urls.ts";
import type { Address } from "./address.ts";
import { type Item, indexItem } from "./item.ts";
import { mirrored } from "./mirror.ts";
import { encode, qualifiers } from "./package-url.ts";
import { defineRegistry } from "./registry.ts";

/** Where builds of CPython are, below the day of their release; a mirror keeps its layout. */
export const CPYTHON_BUILDS =
  "https://github.com/astral-sh/python-build-standalone/releases/download/";

/** Where the sources of CPython are, below their version. */
export const CPYTHON_SOURCES = "https://www.python.org/ftp/python/";

export const CPYTHON_MIRROR_VARIABLE = "NUA_PYTHON_MIRROR";

/** Below a mirror: for the sources, which are elsewhere. */
export const SOURCES_BELOW_MIRROR = "sources/";

export const cpython = defineRegistry({
  kind: "cpython",
  settings: [
    {
      ...{ name: "pythonMirror", variable: CPYTHON_MIRROR_VARIABLE, key: "python.mirror" },
      // Source: uv, "Environment variables".
      alias: "UV_PYTHON_INSTALL_MIRROR",
      about: "Address of a copy of python-build-standalone",
      holds: "address",
    },
  ],

  clients({ settings: { pythonMirror } }) {
    // uv reads the second; app_builder the first, when a script of the app's calls it.
    return {
      env:
        pythonMirror === undefined
          ? {}
          : { [CPYTHON_MIRROR_VARIABLE]: pythonMirror, UV_PYTHON_INSTALL_MIRROR: pythonMirror },
    };
  },

  destinations({ url }, { pythonMirror }) {
    const sources = pythonMirror && withSlash(pythonMirror) + SOURCES_BELOW_MIRROR;
    return [
      ...mirrored(url, [CPYTHON_BUILDS], pythonMirror),
      ...mirrored(url, [CPYTHON_SOURCES], sources),
    ];
  },

  identify: (address) => readBuild(address) ?? readSource(address) ?? readSums(address),

  packageUrl: ({ name, version, arch, url }) =>
    `pkg:generic/${encode(name)}@${encode(version)}${qualifiers({ arch, download_url: url })}`,

  wanted: [
    { file: /^(\.python-version|runtime\.txt|\.tool-versions|mise\.toml)$/, find: findPin },
    { file: /^(pyproject\.toml|Pipfile|setup\.(cfg|py))$/, find: findPin },
    { file: /^nua-config\./, find: findPin },
  ],
});

// --- internal ---

/** cpython-3.12.7+20241016-x86_64-unknown-linux-gnu-install_only_stripped.tar.gz */
function readBuild({ file }: Address): Item | undefined {
  const [, version, arch] =
    /^cpython-(\d+\.\d+\.\d+)\+\d+-([a-z0-9_]+)-unknown-linux-\w+-install_only\w*\.tar\.gz$/.exec(
      file,
    ) ?? [];
  return version === undefined
    ? undefined
    : { kind: "cpython", name: "cpython", version, arch: arch! };
}

function readSource({ file }: Address): Item | undefined {
  const version = /^Python-(\d+\.\d+\.\d+)\.(?:tgz|tar\.xz)$/.exec(file)?.[1];
  return version === undefined ? undefined : { kind: "cpython", name: "cpython", version };
}

function readSums({ path, plain }: Address): Item | undefined {
  return /\/(\d{8}|latest\/download|python-build-standalone)\/SHA256SUMS$/.test(path)
    ? indexItem(plain)
    : undefined;
}

/** A line about Python, whatever versions it allows. */
function findPin(lines: readonly string[], _item: Item, version: string): number {
  if (version !== "") return -1;
  return lines.findIndex((line) => /python|^\s*\d+(\.\d+)*\s*$/i.test(line));
}
