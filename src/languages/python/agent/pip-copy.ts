/** The agent's own copy of pip, whose byte code is there already: it starts in half the time. Pure. */
import { PYTHON, VENV } from "../../../protocol/layout.ts";

/** What is asked of the image's file system. */
interface Files {
  read(path: string): string | undefined;
  /** Folders end with a slash. */
  list(folder: string): string[];
}

/**
 * A command that calls pip as a module, with the copy in its place, as long as that is the same.
 * @param programs the folder of the agent's programs
 */
export function withPipCopy(argv: readonly string[], programs: string, files: Files): string[] {
  const at = argv.findIndex((word, index) => word === "-m" && argv[index + 1] === "pip");
  const copy = `${programs}/python/pip`;
  const isPip = at >= 0 && argv[0] === PYTHON;
  return isPip && isSame(copy, files) ? argv.toSpliced(at, 2, copy) : [...argv];
}

// --- internal ---

/** It names the version. */
const VERSION_FILE = "__init__.py";

function isSame(copy: string, { read, list }: Files): boolean {
  const version = read(`${copy}/${VERSION_FILE}`);
  if (version === undefined) return false;
  return list(`${VENV}/lib`).some(
    (python) => read(`${VENV}/lib/${python}site-packages/pip/${VERSION_FILE}`) === version,
  );
}
