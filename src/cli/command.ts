/** Flags and helpers that commands share. */
import type { ArgsDef, ParsedArgs } from "citty";
import { REGISTRY_SETTINGS } from "../registries/registries.ts";
import type { Session } from "../session/session.ts";

/** Flags that every command takes. */
export const COMMON_ARGS = {
  verbose: { type: "boolean", alias: "v", description: "Tell more; -vv shows what programs print" },
  quiet: { type: "boolean", alias: "q", description: "Print the result only" },
  color: { type: "boolean", default: true, description: "Colours; --no-color or NO_COLOR: none" },
  json: { type: "boolean", description: "One JSON object on standard output, on failure too" },
  engine: { type: "string", description: "The engine's client: docker, podman or a path" },
  "build-dir": { type: "string", description: "Folder for temporary files (/var/tmp)" },
  help: { type: "boolean", alias: "h", description: "Show this text" },
} as const satisfies ArgsDef;

/** Flags of the commands that may build base images. */
export const BASE_ARGS = {
  "linux-base": {
    type: "string",
    description: "Linux image, archive file, or host: no other one is taken",
  },
  "linux-bases": {
    type: "string",
    description: "Linux images to take where the app asks for what the usual one has not",
  },
} as const satisfies ArgsDef;

/** Flags of the commands that build images. */
export const REPRODUCIBLE_ARGS = {
  reproducible: {
    type: "boolean",
    description: "The same bytes whenever and wherever it is built; SOURCE_DATE_EPOCH as well",
  },
} as const satisfies ArgsDef;

/** Of the commands that plan an app. */
export const PLAN_ARGS = {
  app: { type: "string", description: "Member of a workspace, or folder, that is the app" },
  "require-start": { type: "boolean", description: "An app without a start command is an error" },
  frozen: { type: "boolean", description: "A lock that does not fit its manifest is an error" },
} as const satisfies ArgsDef;

/** Of buildx: where apps are built, and what is kept of it. */
export const BUILDER_ARGS = {
  builder: { type: "string", description: "A buildx builder for apps" },
  "cache-to": { type: "string", description: "Where buildx stores its cache" },
  "cache-from": { type: "string", description: "Where buildx takes cache from" },
} as const satisfies ArgsDef;

/** Of the commands that build or pull. */
export const OFFLINE_ARGS = {
  offline: { type: "boolean", description: "Fetch nothing, and build without a network" },
} as const satisfies ArgsDef;

/** Where a build reads packages from; never stored in the image. */
export const NETWORK_ARGS = {
  ...registryFlags(),
  "proxy-http": { type: "string", description: "Proxy of the build for http" },
  "proxy-https": { type: "string", description: "Proxy of the build for https" },
  "proxy-none": { type: "string", description: "Hosts that the build reaches without a proxy" },
  rewrite: { type: "string", description: "FROM=TO: another beginning of addresses, for git too" },
  "source-limit": { type: "string", description: "Megabytes that a source's archive may have" },
  "source-timeout": { type: "string", description: "Seconds that fetching a source may take" },
  "unpacked-limit": { type: "string", description: "Megabytes that a source may have unpacked" },
  "files-limit": { type: "string", description: "Files that a source may have" },
  ca: { type: "string", description: "File of certificates that the build trusts as well" },
  "registry-mirror": { type: "string", description: "Registry to pull images from" },
} as const satisfies ArgsDef;

/** What a command works with, beside its flags. */
export interface CommandData {
  session: Session;
  /** Count of -v, or -1 for --quiet. */
  verbosity: number;
  /** Words that are no flags, in order. */
  words: string[];
  /** Every value of a flag that may be given several times. */
  values(flag: string): string[];
  /** Says that from now on there is something to clean up: see work.ts. */
  begin(): void;
  /** Prints a line of the result: the only way to standard output. */
  print(line: string): void;
  /** With what the call ends, where the result is no error and still no success. */
  endWith(status: number): void;
}

/** A command: its flags in citty's form, and what it does with them. */
export type AnyCommand = Command<ArgsDef>;

export interface Command<Args extends ArgsDef = ArgsDef> {
  meta: { name: string; description: string };
  /** The words that it takes, for the help text. */
  words: string;
  args: Args;
  run(args: ParsedArgs<Args>, data: CommandData): Promise<void>;
}

/** For the types only: the flags' names and kinds flow into `run`. */
export function defineCommand<const Args extends ArgsDef>(command: Command<Args>): AnyCommand {
  // The parser fills `args` from the same definition, so that the narrower type holds.
  return command as unknown as AnyCommand;
}

// --- internal ---

/** A flag for each setting of a registry; no command asks for one by its name. */
function registryFlags(): Record<never, { type: "string"; description: string }> {
  return Object.fromEntries(
    REGISTRY_SETTINGS.map(({ key, about }) => [
      key.replaceAll(".", "-"),
      { type: "string", description: about },
    ]),
  );
}
