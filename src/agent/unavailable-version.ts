/** The error of a command that asked for a version which is not there: with those that are. */
import { type CommandError, NuaError } from "../lib/errors.ts";
import { compareVersions, nearestVersions } from "../lib/version-order.ts";
import type { RunCommand } from "../protocol/command.ts";
import type { RefusedVersion } from "../registries/registry.ts";

export interface AfterFailure {
  error: CommandError;
  /** Runs a program, and gives what it prints. @throws CommandError when it fails */
  ask(command: RunCommand): Promise<string>;
  /** The text of a file, where there is one. */
  read(path: string): string | undefined;
}

/** @returns undefined where it is another failure, or nobody tells which versions there are */
export async function unavailableVersion(
  command: RunCommand,
  refused: RefusedVersion | undefined,
  { error, ask, read }: AfterFailure,
): Promise<NuaError | undefined> {
  if (refused === undefined) return undefined;
  const { name, range, query, versions } = refused;
  const there = await ask(query).then(versions, () => []);
  if (there.length === 0) return undefined;
  const asker = askerOf(command, refused, read);
  return new NuaError("input", `${asker} asks for ${name} "${range}", which cannot be had`, {
    hint: `nearest versions: ${nearestVersions(range, there, compareVersions).join(", ")}`,
    step: command.from,
    cause: error,
  });
}

// --- internal ---

/** The file that has the range, with its line; else what the command comes from. */
function askerOf(
  { from, cwd }: RunCommand,
  { range, manifest }: RefusedVersion,
  read: AfterFailure["read"],
): string {
  for (const file of from === undefined ? [manifest] : [from, manifest]) {
    const lines = (read(`${cwd}/${file}`) ?? "").split("\n");
    const at = lines.findIndex((line) => line.includes(range));
    if (at >= 0) return `${file}:${at + 1}`;
  }
  return from ?? "The build";
}
