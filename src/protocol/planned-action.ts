/**
 * Planned actions and commands, as data: decided by the plan, printed by `plan`, run by the agent.
 * Source of both sides' types and checks.
 */
import * as v from "valibot";
import { APP_PATH, COMMAND_WORD, EMPTIED_FOLDER, PACKAGE_NAMES, wordOf } from "./words.ts";

/** Seconds that a command of the build may take. */
export const BUILD_TIMEOUT = 1800;
/** Seconds that a test may take. */
export const TEST_TIMEOUT = 600;

const MOST_WORDS = 20_000;

/** Characters of a file: as many as a lock file may have. */
const LONGEST_TEXT = 16 * 1024 * 1024;

const word = wordOf(COMMAND_WORD);
const words = v.pipe(v.array(word), v.maxLength(MOST_WORDS));

/** An absolute path without detours. */
const place = v.pipe(v.string(), v.regex(/^\/(?!.*\/\.\.?(\/|$))/, "expected an absolute path"));

/** What makes a command appear in a plan. */
const originSchema = v.strictObject({
  /** A key of the nua-config, such as `build.build[1]`, or a file of the app. */
  what: v.string(),
  /** The file, where it is a key. */
  file: v.optional(v.string()),
  /** The line of the file, counted from 1. */
  line: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
});

/** A program that not every image has: without it, the command is left out with a warning. */
const needs = v.optional(v.strictObject({ program: v.string(), otherwise: v.string() }));

export const runSchema = v.strictObject({
  kind: v.literal("run"),
  argv: v.pipe(words, v.minLength(1)),
  user: v.picklist(["root", "nua"]),
  cwd: place,
  /** Null takes a variable away. */
  env: v.optional(v.record(v.string(), v.nullable(word)), {}),
  /** Seconds. */
  timeout: v.pipe(v.number(), v.minValue(1)),
  from: v.optional(originSchema),
  needs,
  /**
   * Words with a star stand for the files below `cwd` that they match when the command is run; one
   * that matches nothing is left out with a warning. `alone`: then the command is left out, too,
   * when no other word with a star is left.
   */
  glob: v.optional(v.picklist(["alone", "beside others"])),
  /** Whether its addresses get their passwords when it is run: no plan holds any. */
  restoresPasswords: v.optional(v.literal(true)),
});

/** What depends on what only the container knows, such as the packages that its base has. */
const structuralSchemas = [
  /** The app's files to /nua/build: copied from a mounted context, or mended where they are. */
  v.strictObject({ kind: v.literal("place-context") }),
  /** `documentRoot`: a folder that is made anew, empty, and belongs to user nua. */
  v.strictObject({
    kind: v.literal("make-folders"),
    documentRoot: v.nullable(wordOf(EMPTIED_FOLDER)),
  }),
  /** Debian packages, as far as they are not there; those of a build go with `clean-packages`. */
  v.strictObject({
    kind: v.literal("install-packages"),
    /** `a|b`: the first of them that the distribution has. */
    packages: v.pipe(v.array(wordOf(PACKAGE_NAMES)), v.maxLength(MOST_WORDS)),
    purpose: v.picklist(["image", "build"]),
    /** All that name some of them. */
    from: v.optional(v.pipe(v.array(originSchema), v.maxLength(MOST_WORDS))),
    needs,
  }),
  v.strictObject({ kind: v.literal("clean-packages") }),
  /** The source's archive of the build context; `limits`: what it may become. */
  v.strictObject({
    kind: v.literal("unpack-source"),
    dir: wordOf(APP_PATH),
    limits: v.optional(v.strictObject({ bytes: v.number(), files: v.number() })),
  }),
  /** Each sub-folder of the app's `nua` to the folder of that name in /nua. */
  v.strictObject({ kind: v.literal("merge-folders") }),
  /** What the container is started with: shell lines, or a script that is there after the build. */
  v.strictObject({
    kind: v.literal("start-script"),
    start: v.array(word),
    /** Relative to /nua/build; null: the first of `scripts` that is there. */
    script: v.nullable(wordOf(APP_PATH)),
    scripts: v.array(place),
    /** Where there are no lines and no script: what the app's files say. */
    detected: v.nullable(v.strictObject({ line: word, cwd: place })),
    /** For the message where there is nothing at all. */
    lookedFor: v.array(v.string()),
    /** Whether a person has been told that there is nothing. */
    isTold: v.boolean(),
    beforeRun: v.array(word),
    cwd: place,
    rendered: v.record(v.string(), v.unknown()),
  }),
  /** A file of root's. */
  v.strictObject({
    kind: v.literal("write-file"),
    path: place,
    text: v.pipe(v.string(), v.maxLength(LONGEST_TEXT)),
    mode: v.picklist([0o644, 0o755]),
    from: v.optional(originSchema),
  }),
  /** The normalized nua-config; and what templates see, if there are any. */
  v.strictObject({ kind: v.literal("metadata"), rendered: v.record(v.string(), v.unknown()) }),
  v.strictObject({ kind: v.literal("fix-owners") }),
] as const;

const warnSchema = v.strictObject({ kind: v.literal("warn"), text: v.string(), needs });

export const plannedCommandSchema = v.variant("kind", [
  runSchema,
  warnSchema,
  ...structuralSchemas,
]);

export const plannedActionSchema = v.strictObject({
  /** What failures are told by, such as `build`. */
  name: v.string(),
  /** What a person reads while it is done. */
  title: v.string(),
  commands: v.array(plannedCommandSchema),
});

export type Origin = v.InferOutput<typeof originSchema>;
export type PlannedRun = v.InferOutput<typeof runSchema>;
export type PlannedCommand = v.InferOutput<typeof plannedCommandSchema>;
type InstallPackages = Extract<PlannedCommand, { kind: "install-packages" }>;
/** One part of the work. */
export type PlannedAction = v.InferOutput<typeof plannedActionSchema>;
export type User = PlannedRun["user"];

/** `package.json:12`, as an editor takes it; of a key, `run.start, nua-config.toml:7`. */
export function formatOrigin({ what, file, line }: Origin): string {
  const place = file === undefined ? what : `${what}, ${file}`;
  return line === undefined ? place : `${place}:${line}`;
}

type RunOptions = Partial<Omit<PlannedRun, "kind" | "argv" | "from">> & {
  from?: Origin | undefined;
};

/** A program of root's in "/", unless the options say otherwise. */
export function plannedRun(argv: readonly string[], options: RunOptions = {}): PlannedRun {
  const { from, ...others } = options;
  return {
    ...{ kind: "run", argv: [...argv], user: "root", cwd: "/", env: {}, timeout: BUILD_TIMEOUT },
    ...others,
    ...(from === undefined ? {} : { from }),
  };
}

/** A shell line: bash, so that packages may use what it knows. */
export function plannedShell(line: string, options: RunOptions = {}): PlannedRun {
  return plannedRun(["bash", "-c", line], options);
}

/**
 * Debian packages.
 * @returns nothing where there are none
 */
export function plannedPackages(
  packages: readonly string[],
  purpose: InstallPackages["purpose"],
  options: Pick<InstallPackages, "needs"> & { from?: readonly Origin[] } = {},
): InstallPackages[] {
  if (packages.length === 0) return [];
  const { from, needs } = options;
  return [
    {
      ...{ kind: "install-packages", packages: [...packages], purpose },
      ...(from === undefined ? {} : { from: [...from] }),
      ...(needs === undefined ? {} : { needs }),
    },
  ];
}
