/**
 * Pure: an app of C or C++, whichever tool builds it. A script `configure` of a release comes first:
 * it is what its authors have made for those who build it; then what describes most.
 */
import { oncePer } from "../../lib/once-per.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import type { CppProject } from "./app/project.ts";
import { mainFiles, sourceFiles } from "./app/sources.ts";
import { CONFIGURE, readAutotools, SOURCES_OF_CONFIGURE } from "./tools/autotools.ts";
import { CMAKE_LISTS, readCMake } from "./tools/cmake.ts";
import { readMake } from "./tools/make.ts";
import { findMakefile } from "./tools/makefile.ts";
import { MESON_BUILD, readMeson } from "./tools/meson.ts";

/** What is looked for, as a person is told. */
export const MANIFESTS: readonly string[] = [
  ...[CONFIGURE, CMAKE_LISTS, MESON_BUILD, ...SOURCES_OF_CONFIGURE, "Makefile"],
];

/** The file that tells of it; null where none does. */
export const manifestOf = oncePer((tree: SourceTree): string | null => {
  if (isExtension(tree)) return null;
  const first = [CONFIGURE, CMAKE_LISTS, MESON_BUILD, ...SOURCES_OF_CONFIGURE].find((name) =>
    tree.has(name),
  );
  // Those scripts may configure anything.
  const isTold = first === CMAKE_LISTS || first === MESON_BUILD;
  if (first !== undefined && (isTold || sourceFiles(tree).length > 0)) return first;
  // A Makefile is what many who write in other languages have, too.
  const makefile = findMakefile(tree, "");
  return makefile !== undefined && mainFiles(tree).length > 0 ? makefile : null;
});

/**
 * Null where there is none.
 * @throws NuaError (input) for files that cannot be read, and folders that are not there
 */
export const readProject = oncePer((tree: SourceTree): CppProject | null => {
  const file = manifestOf(tree);
  if (file === null) return null;
  if (file === CMAKE_LISTS) return readCMake(tree);
  if (file === MESON_BUILD) return readMeson(tree);
  if (file === CONFIGURE || SOURCES_OF_CONFIGURE.includes(file)) return readAutotools(tree, file);
  return readMake(tree, file);
});

// --- internal ---

/** Whether it is compiled for another language, by what that one's packages are built with. */
function isExtension(tree: SourceTree): boolean {
  if (tree.has("setup.py") || tree.has("binding.gyp")) return true;
  const text = (tree.text("pyproject.toml") ?? "").slice(0, 64 * 1024);
  return /^\[build-system\]/m.test(text) && BACKENDS.test(text);
}

/** Those that compile, or that may. */
const BACKENDS =
  /scikit[-_]build|meson-?py|py-build-cmake|setuptools|pybind11|nanobind|cffi|maturin/;
