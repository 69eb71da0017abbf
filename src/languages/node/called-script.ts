/** Commands that start others: scripts called by name, and programs called through a manager. Pure. */
import type { AppPackage } from "./app/app-package.ts";
import { appPackage, fromRoot } from "./app/app-package.ts";
import { type PlainCommand, wordText } from "./script-line.ts";
import { readMembers } from "./workspaces.ts";

export interface CalledScript {
  /** Whose script it is. */
  app: AppPackage;
  name: string;
  /** Given to it. */
  args: string[];
}

/** The script of a package that a command calls: `npm start`, `yarn workspace api run serve`. */
export function calledScript(app: AppPackage, command: PlainCommand): CalledScript | null {
  const [program, ...words] = command.words;
  if (program === undefined || !MANAGERS.has(program)) return null;
  const call = readCall(words);
  if (call === null) return null;
  const owner = ownerOf(app, call);
  if (owner === undefined) return null;
  const isNamed = call.isRun || (program !== "npm" && !OWN_COMMANDS.has(call.name));
  const isShort = SHORT.has(call.name);
  if (!isNamed && !isShort) return null;
  // bun runs files by the same word.
  if (owner.manifest.scripts[call.name] === undefined) return null;
  return { app: owner, name: call.name, args: call.args };
}

/** The program that a manager is asked to start: `npx next start`; null where it is none of these. */
export function calledProgram(app: AppPackage, command: PlainCommand): PlainCommand | null {
  const [program, first, ...rest] = command.words;
  const isBin = (word: string | undefined) => word !== undefined && /^[\w@][\w@./-]*$/.test(word);
  const given = (words: (string | undefined)[]): PlainCommand | null => {
    const found = words.filter((word) => word !== undefined);
    while (/^(-y|--yes|--no-install|--no|-q|--quiet|--silent|-s|--bun|--)$/.test(found[0] ?? ""))
      found.shift();
    if (!isBin(found[0])) return null;
    return {
      assignments: command.assignments,
      words: [found[0]!.replace(/(?<=.)@[^/]*$/, ""), ...found.slice(1)],
    };
  };
  if (program === "npx" || program === "pnpx") return given([first, ...rest]);
  // With --bun, bun runs in place of node what it is given.
  if (program === "bunx") return first === "--bun" ? null : given([first, ...rest]);
  if (program === "bun" && first === "x") return given(rest);
  if ((program === "npm" || program === "pnpm" || program === "yarn") && first === "exec")
    return given(rest);
  if (program === "yarn" && first === "run") return given(rest);
  const isOwn = first !== undefined && (OWN_COMMANDS.has(first) || first.startsWith("-"));
  if ((program === "yarn" || program === "pnpm") && !isOwn && app.dependencies.size > 0)
    return given([first, ...rest]);
  return null;
}

// --- internal ---

const MANAGERS = new Set(["npm", "pnpm", "yarn", "bun"]);
const SHORT = new Set(["start", "test", "stop", "restart"]);

const OWN_COMMANDS = new Set([
  ...[
    "install",
    "add",
    "remove",
    "exec",
    "x",
    "dlx",
    "create",
    "init",
    "cache",
    "config",
    "why",
    "up",
  ],
  ...[
    "upgrade",
    "node",
    "pack",
    "publish",
    "link",
    "i",
    "ci",
    "build",
    "pm",
    "workspaces",
    "rebuild",
  ],
]);

interface Call {
  name: string;
  args: string[];
  isRun: boolean;
  folder: string | undefined;
  member: string | undefined;
}

function readCall(words: readonly string[]): Call | null {
  const options: Pick<Call, "folder" | "member"> = { folder: undefined, member: undefined };
  const plain: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at]!;
    if (
      plain.length > 1 ||
      (plain.length === 1 && plain[0] !== "run" && plain[0] !== "run-script")
    ) {
      if (!takesMember(word)) return finish(plain, words.slice(at), options);
    }
    const [flag, joined] = word.split(/=(.*)/s);
    const value = (): string | undefined => wordText(joined ?? words[++at] ?? "");
    if (/^(--prefix|-C|--dir|--cwd)$/.test(flag!)) options.folder = value();
    else if (/^(-w|--workspace|--filter|-F)$/.test(flag!)) options.member = value();
    else if (word === "workspace" && plain.length === 0) options.member = value();
    else if (!word.startsWith("-")) plain.push(wordText(word) ?? "");
  }
  return finish(plain, [], options);
}

function takesMember(word: string): boolean {
  return /^(-w|--workspace|--workspace=.*|--prefix|--prefix=.*)$/.test(word);
}

function finish(
  plain: string[],
  args: readonly string[],
  options: Pick<Call, "folder" | "member">,
): Call | null {
  const isRun = plain[0] === "run" || plain[0] === "run-script";
  const name = isRun ? plain[1] : plain[0];
  if (name === undefined || name === "") return null;
  const rest = [...(isRun ? plain.slice(2) : plain.slice(1)), ...args];
  return { ...options, name, isRun, args: rest[0] === "--" ? rest.slice(1) : rest };
}

function ownerOf(app: AppPackage, { folder, member }: Call): AppPackage | undefined {
  if (folder !== undefined) {
    const dir = fromRoot(app, folder);
    return dir === undefined ? undefined : appPackage(app.root, dir === "." ? null : dir);
  }
  if (member === undefined) return app;
  const wanted = member.replace(/^\.\//, "").replace(/\/$/, "");
  const found = readMembers(app.root).find(
    ({ folder: place, manifest }) => place === wanted || manifest.name === wanted,
  );
  return found === undefined ? undefined : appPackage(app.root, found.folder);
}
