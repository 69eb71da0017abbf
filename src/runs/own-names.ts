/** Names of temporary files, images and containers; each tells which run owns it. */
import { basename, dirname, join } from "node:path";
import { randomHex } from "../lib/random-hex.ts";
import { currentRun, RUN_PATTERN } from "./run.ts";

/** Of folders: six random characters follow, as mkdtemp makes them. */
export function folderPrefix(): string {
  return `${FOLDER}${currentRun()}-`;
}

/**
 * The beginning of the paths of files in the making: a dot and more follows, and `.part` at the
 * end.
 * @param target the path that the file will have
 */
export function partStem(target: string): string {
  const unique = `${currentRun()}.${randomHex(6)}`;
  return join(dirname(target), `.${shortened(basename(target))}.${unique}`);
}

/** A tag for the time of a run, of which no other run has one. */
export function runTag(repository: TemporaryRepository): string {
  return `${repository}:${currentRun()}.${randomHex(6)}`;
}

/** The repositories of images that no run leaves behind by itself. */
export const TEMPORARY_REPOSITORIES = ["nua-candidate", "nua-inputs", "nua-record"] as const;

export type TemporaryRepository = (typeof TEMPORARY_REPOSITORIES)[number];

/** What the names of containers begin with. */
export const CONTAINER_PREFIX = "nua-run-";

/** For the command that makes a container. A label would not do: any image gives its own. */
export function containerName(): string[] {
  const unique = randomHex(6);
  return ["--name", `${CONTAINER_PREFIX}${currentRun()}.${unique}`];
}

/** Whose folder, file in the making, tag or container that is; undefined for every other name. */
export function runOf(kind: keyof typeof PATTERNS, name: string): string | undefined {
  return PATTERNS[kind].exec(name)?.groups?.run;
}

/** Whether that is in a folder of a run's. */
export function isTemporary(path: string): boolean {
  return path.split("/").some((name) => runOf("folder", name) !== undefined);
}

// --- internal ---

const FOLDER = "nua-build-";

const RUN = `(?<run>${RUN_PATTERN})`;

const PATTERNS = {
  folder: new RegExp(`^${FOLDER}${RUN}-\\w{6}$`),
  part: new RegExp(`^\\..*\\.${RUN}\\.[0-9a-f]{12}(?:\\.\\w+)*\\.part$`, "s"),
  tag: new RegExp(`^(?:${TEMPORARY_REPOSITORIES.join("|")}):${RUN}\\.[0-9a-f]{12}$`),
  container: new RegExp(`^${CONTAINER_PREFIX}${RUN}\\.[0-9a-f]{12}$`),
} as const;

/** Bytes of a file's name that leave room for what is put before and behind it. */
const NAME_BYTES = 120;

function shortened(name: string): string {
  let short = name;
  while (Buffer.byteLength(short) > NAME_BYTES) short = short.slice(0, -1);
  return short;
}
