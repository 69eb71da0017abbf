/** Pure: what a program of Rust's is started with. */
import { shellQuote } from "../../lib/shell-words.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import { argumentsOfDockerfile } from "../dockerfile-command.ts";
import type { StartCommand } from "../language.ts";
import { type Binary, binFolder, type ChosenBinaries, listBinaries, titleOf } from "./binaries.ts";
import { portOf, rocketPort } from "./port.ts";
import type { CargoProject } from "./project.ts";
import { neededBy } from "./workspace.ts";

export interface RustStart {
  start: StartCommand;
  env: Readonly<Record<string, string>>;
  warnings: string[];
}

/** With the words that the app's own Dockerfile starts it with: servers are often one command of many. */
export function startOf(
  tree: SourceTree,
  project: CargoProject,
  { main, from }: { main: Binary } & Pick<ChosenBinaries, "from">,
): RustStart {
  const { args, warnings, from: told } = argumentsOfDockerfile(tree, [main.name]);
  const program = [`${binFolder(tree, project)}/${main.name}`, ...args].map(shellQuote).join(" ");
  const origin = told ?? from;
  if (isOfRocket(project, main)) {
    const port = rocketPort(tree, main.crate.folder);
    const line = `ROCKET_PORT=\${PORT:-${port}} ${program}`;
    return { start: { line, from: origin, port }, env: { ROCKET_ADDRESS: "0.0.0.0" }, warnings };
  }
  const { port, onlyLocal } = portOf(tree, project, main);
  const local =
    onlyLocal === null
      ? []
      : [
          `${onlyLocal} has ${titleOf(main)} listen to its own container alone: bind 0.0.0.0 in place of 127.0.0.1`,
        ];
  return {
    start: { line: program, from: origin, ...(port === null ? {} : { port }) },
    env: {},
    warnings: [...warnings, ...local],
  };
}

/** `cargo run`, what Cargo builds, `bin/NAME` and a program's bare name start what was built. */
export function plainCommand(tree: SourceTree, project: CargoProject, line: string): string | null {
  const binaries = listBinaries(tree, project);
  const bin = binFolder(tree, project);
  const text = line.trim();
  const [, flags, rest = ""] =
    /^cargo[ ]+(?:run|r)\b((?:[ ]+(?!--(?:[ ]|$))\S+)*)(?:[ ]+--((?:[ ]+\S+)*))?$/.exec(text) ?? [];
  if (flags !== undefined) {
    const [, name] = /--bin[ =](\S+)/.exec(flags) ?? [];
    const [, own] = /(?:-p|--package)[ =](\S+)/.exec(flags) ?? [];
    const found = binaries.filter(
      (one) =>
        (name === undefined || one.name === name) &&
        (own === undefined || one.crate.manifest.package?.name === own),
    );
    return found.length === 1 ? `${bin}/${found[0]!.name}${rest}` : null;
  }
  const [, program, words = ""] =
    /^(?:(?:\.\/)?(?:target\/release|bin)\/)?([\w-][\w.-]*)((?:[ ]+\S+)*)$/.exec(text) ?? [];
  const found = binaries.find(({ name }) => name === program);
  return found === undefined ? null : `${bin}/${found.name}${words}`;
}

// --- internal ---

function isOfRocket({ top }: CargoProject, { crate }: Binary): boolean {
  return neededBy(crate, top).some(({ name, isForTests }) => name === "rocket" && !isForTests);
}
