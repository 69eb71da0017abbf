/** The steps of a script as what an image is started with. Pure. */
import { posix } from "node:path";
import type { AppPackage } from "./app/app-package.ts";
import type { NodeContext } from "./context.ts";
import { isBuild, isInstallation, isOfImage, packageOf } from "./programs.ts";
import { type PlainCommand, wordText } from "./script-line.ts";
import type { ScriptStep } from "./start-script.ts";
import { withoutWatcher } from "./watchers.ts";

export interface StartLine {
  line: string;
  /** Relative to the source. */
  dir: string;
  /** What is started in the end; null where the line needs a shell. */
  last: PlainCommand | null;
  /** Whose files it is started from. */
  app: AppPackage;
  /** Leading commands that only build: done when the image is made. */
  builds: string[];
  /** Packages whose programs or modules it calls. */
  packages: Set<string>;
  warnings: string[];
}

/** @returns null for no steps */
export function startLine(
  steps: readonly ScriptStep[],
  context: Pick<NodeContext, "manager">,
): StartLine | null {
  const final = steps.at(-1);
  if (final === undefined) return null;
  const isLeft = ({ command, line, isBuild: isOfBuild }: ScriptStep) =>
    isOfBuild || (command !== null && (isBuild(nameOf(line)) || isInstallation(nameOf(line))));
  const leading = steps.slice(0, -1);
  const builds = leading.filter(
    (step) =>
      isLeft(step) && !step.isBuild && !isInstallation(nameOf(step.line)) && step.dir === final.dir,
  );
  const warnings: string[] = [];
  const before = leading.filter((step) => !isLeft(step));
  const last = final.command === null ? null : forProduction(final.command, final.app, warnings);
  const kept: ScriptStep[] = [...before, { ...final, command: last }];
  return {
    ...{ line: textOf(kept, context), dir: final.dir, last, app: final.app, warnings },
    builds: builds.map(({ line }) => line),
    packages: new Set(kept.flatMap(packagesOf)),
  };
}

// --- internal ---

/** A line without its assignments. */
function nameOf(line: string): string {
  return line.replace(/^(?:[A-Za-z_]\w*=(?:"[^"]*"|'[^']*'|\S)*\s+)*/, "");
}

function forProduction(
  command: PlainCommand,
  { dependencies }: AppPackage,
  warnings: string[],
): PlainCommand {
  const plain = withoutWatcher(command, dependencies);
  if (plain !== null) {
    const [from, to] = [command.words.join(" "), plain.words.join(" ")];
    warnings.push(`"${from}" is for development: "${to}" is started in its place`);
    return plain;
  }
  const [program, ...args] = command.words;
  // pm2 goes into the background, and the container would end.
  if (program === "pm2" && args[0] === "start")
    return { ...command, words: ["pm2-runtime", ...args] };
  if (program === "json-server" && !args.some((word) => /^(-H|--host)/.test(word))) {
    return { ...command, words: [...command.words, "--host", "0.0.0.0"] };
  }
  return command;
}

function textOf(steps: readonly ScriptStep[], { manager }: Pick<NodeContext, "manager">): string {
  const final = steps.at(-1)!;
  if (manager.pnp) return ofPlugAndPlay(steps, manager);
  const path = searchPath(final);
  if (steps.length === 1 && final.command !== null) {
    const { assignments, words } = final.command;
    const [program, ...args] = words;
    if (isOfImage(program!)) return [...assignments, ...words].join(" ");
    // At the top there is but one place where a program can be.
    if (final.dir === "")
      return [...assignments, `node_modules/.bin/${program}`, ...args].join(" ");
    return [`PATH=${path}`, ...assignments, ...words].join(" ");
  }
  return `export PATH=${path}; ${chain(steps)}`;
}

/** As managers have it for scripts: programs of the folder's own packages, then of those above. */
function searchPath({ dir }: ScriptStep): string {
  const levels = dir === "" ? [] : dir.split("/");
  const above = levels.map((_, index) => "../".repeat(index + 1));
  return `"${["", ...above].map((up) => `$PWD/${up}node_modules/.bin:`).join("")}$PATH"`;
}

function chain(steps: readonly ScriptStep[]): string {
  const final = steps.at(-1)!;
  const parts = steps.slice(0, -1).map((step) => {
    const text = step.command === null ? `{ ${step.line}; }` : step.line;
    if (step.dir === final.dir) return text;
    return `(cd ${posix.relative(final.dir, step.dir) || "."} && ${step.line})`;
  });
  const { command, line } = final;
  if (command === null) return [...parts, steps.length > 1 ? `{ ${line}; }` : line].join(" && ");
  const { assignments, words } = command;
  return [...parts, [...assignments, "exec", ...words].join(" ")].join(" && ");
}

/** Without node_modules, node is told where modules are, and the manager finds programs. */
function ofPlugAndPlay(steps: readonly ScriptStep[], { exec }: NodeContext["manager"]): string {
  const final = steps.at(-1)!;
  const up = final.dir === "" ? "./" : "../".repeat(final.dir.split("/").length);
  const loaders = ["--require", `${up}${pnpFile(final.app)}`];
  if (final.app.manifest.type === "module") {
    loaders.push("--experimental-loader", `${up}.pnp.loader.mjs`);
  }
  const called = (command: PlainCommand): PlainCommand => {
    const [program, ...args] = command.words;
    if (program === "node") return { ...command, words: ["node", ...loaders, ...args] };
    return isOfImage(program!) ? command : { ...command, words: [...exec, program!, ...args] };
  };
  const all = steps.map((step): ScriptStep => {
    const command = step.command === null ? null : called(step.command);
    const line =
      command === null ? step.line : [...command.assignments, ...command.words].join(" ");
    return { ...step, command, line };
  });
  if (steps.length === 1 && final.command !== null) return all[0]!.line;
  return `export NODE_OPTIONS="${loaders.join(" ").replaceAll(up, `$PWD/${up.replace("./", "")}`)}"; ${chain(all)}`;
}

/** Until version 3, yarn gave it the usual ending. */
function pnpFile({ root, manifest }: AppPackage): string {
  const isOld = /^[ \t]*yarnPath:.*yarn-2\./m.test(root.text(".yarnrc.yml") ?? "");
  return isOld && manifest.type !== "module" ? ".pnp.js" : ".pnp.cjs";
}

function packagesOf({ app, command, line }: ScriptStep): string[] {
  if (command === null) return namesIn(line, app);
  const [program, ...args] = command.words;
  const own = packageOf(program!, app.dependencies);
  const preloaded = args.flatMap((word, at) => {
    const value = /^(-r|--require|--import|--loader|--experimental-loader)$/.test(
      args[at - 1] ?? "",
    )
      ? word
      : undefined;
    const joined = /^(?:--require|--import|--loader|--experimental-loader)=(.+)$/.exec(word)?.[1];
    return moduleName(wordText(value ?? joined ?? "") ?? "");
  });
  // `dotenv -- next start`, `env-cmd next start`: what starts something finds it in the same place.
  const further = args.filter((word) => app.dependencies.has(word));
  return [...(own === null ? [] : [own]), ...preloaded, ...further];
}

/** Programs that a line for a shell seems to call. */
function namesIn(line: string, app: AppPackage): string[] {
  const words = line.match(/[\w@][\w@./-]*/g) ?? [];
  return words.flatMap((word) => {
    const name = packageOf(word, app.dependencies);
    return name !== null && app.dependencies.has(name) ? [name] : [];
  });
}

function moduleName(module: string): string[] {
  const found = /^(?:@[\w.-]+\/)?[\w][\w.-]*/.exec(module)?.[0];
  return found === undefined || /^(node:|data:)/.test(module) ? [] : [found];
}
