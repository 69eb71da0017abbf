/** Pure: whether what is started calls a package manager, or Node, which then has to be in the image. */
import { posix } from "node:path";
import type { AppPackage } from "./app/app-package.ts";
import type { ManagerName } from "./managers/manager.ts";
import { compiledFrom } from "./port.ts";

/** @param lines what is started, for a shell */
export function callsProgram(
  app: AppPackage,
  program: ManagerName | "node",
  lines: readonly string[],
): boolean {
  const word = new RegExp(
    `(?:^|[\\s;&|("'\`])(?:${program}|${PROGRAMS[program]})(?=[\\s:;&|)"'\`]|$)`,
  );
  const call = new RegExp(`${CALLS}\\s*\\(?\\s*["'\`](?:${program}|${PROGRAMS[program]})[\\s"'\`]`);
  return lines.some(
    (line) =>
      word.test(line) || RUNNERS.test(line) || textsOf(app, line).some((text) => call.test(text)),
  );
}

// --- internal ---

const PROGRAMS = {
  node: "nodejs",
  npm: "npx",
  pnpm: "pnpx",
  yarn: "yarnpkg",
  bun: "bunx",
} as const;

/** They run the scripts of a workspace by its manager. */
const RUNNERS = /(?:^|[\s;&|("'`/])(?:turbo|nx|lerna|moon)\s/;

/** Source: nodejs.org/api/child_process.html; execa and zx have names of their own. */
const CALLS = String.raw`(?:\b(?:exec|spawn|execFile|execa)(?:Sync)?|\bexecaCommand(?:Sync)?|\$)`;

const MOST_CHARACTERS = 256 * 1024;
const MOST_FILES = 6;

/** Of the files that a line names, and those that they may be compiled from. */
function textsOf({ tree }: AppPackage, line: string): string[] {
  const named = line
    .split(/[\s;&|()"'`]+/)
    .filter((word) => /\.[cm]?[jt]sx?$/.test(word))
    .map((word) => posix.normalize(word));
  return named
    .flatMap((file) => [file, ...compiledFrom(file)])
    .slice(0, MOST_FILES)
    .flatMap((file) => tree.text(file)?.slice(0, MOST_CHARACTERS) ?? []);
}
