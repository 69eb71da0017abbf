/** Pure: the file at the top that runs the package of an app: `shop.py`, which calls `shop.main()`. */
import type { SourceTree } from "../../../source/source-tree.ts";
import { type PythonModule, readModule } from "./modules.ts";
import { readPort, serverCall } from "./server-call.ts";

export interface Launcher {
  module: PythonModule;
  /** Where what it calls says so. */
  port?: number;
}

/**
 * A package with such a file makes its app ready there, and not where the app is named: a server
 * that is given the app alone would serve nothing. Undefined where there are several.
 * @param module of the app
 */
export function findLauncher(tree: SourceTree, { path }: PythonModule): Launcher | undefined {
  const [name, ...below] = path.split("/");
  if (name === undefined || below.length === 0 || !tree.has(`${name}/__init__.py`))
    return undefined;
  const found = tree
    .list("")
    .filter((entry) => entry.kind === "file" && PROGRAM.test(entry.name))
    .flatMap((entry) => {
      const module = readModule(tree, entry.name);
      const called = module?.mainBlock && calledModule(module, module.mainBlock, name);
      return module !== undefined && called ? [{ module, called }] : [];
    });
  const [only, ...others] = found;
  if (only === undefined || others.length > 0) return undefined;
  const target = readTarget(tree, only.called);
  const port = target && (serverCall(target)?.port ?? readPort(target.code));
  return { module: only.module, ...(port === undefined ? {} : { port }) };
}

// --- internal ---

/** Others are there for those who develop, or to look after an app that runs. */
const PROGRAM =
  /^(?!(?:setup|conftest|noxfile|fabfile|tasks|dodo|manage|admin|cli|worker|migrate|seed|test_.*|.*_test)\.py$)[A-Za-z]\w*\.py$/;

const CALL = /(?<![\w.])((?:\w+\.){0,5})(main|run|serve|start|run_server|start_server)\s*\(/g;

/** The module of the package whose function is called; undefined where none is. */
function calledModule({ code }: PythonModule, block: string, name: string): string | undefined {
  for (const [, prefix = "", called = ""] of block.matchAll(CALL)) {
    const from =
      prefix === ""
        ? new RegExp(
            `^from[ \\t]+(${name}(?:\\.\\w+)*)[ \\t]+import[ \\t][^\\n]*\\b${called}\\b`,
            "m",
          )
        : new RegExp(`^import[ \\t]+(${prefix.slice(0, -1)})[ \\t]*$`, "m");
    const module = from.exec(code)?.[1];
    if (module !== undefined && module.split(".")[0] === name) return module;
  }
  return undefined;
}

function readTarget(tree: SourceTree, module: string): PythonModule | undefined {
  const path = module.replaceAll(".", "/");
  return readModule(tree, `${path}.py`) ?? readModule(tree, `${path}/__init__.py`);
}
