/** The runtimes of all languages, and which one `build.builder` names. */
import { closest } from "../lib/closest.ts";
import { LANGUAGES } from "./languages.ts";
import type { ChosenRuntime, ChosenRuntimes, Runtime } from "./runtime.ts";

export const RUNTIMES: readonly Runtime[] = LANGUAGES.flatMap(({ runtime }) => runtime ?? []);

/** Where none is named: what every image has. */
export const DEFAULT_RUNTIME: ChosenRuntime = {
  language: RUNTIMES.find(({ base }) => base === undefined)!.language,
};

/** A runtime that there is not. */
export class UnknownRuntime extends Error {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/**
 * @param builder build.builder: a name, `{name, version}`, or a list of either (the first counts)
 * @throws UnknownRuntime for one that there is not
 */
export function resolveRuntime(builder: unknown): ChosenRuntime {
  if (builder === undefined || builder === null || builder === "") return DEFAULT_RUNTIME;
  if (Array.isArray(builder)) {
    const [first = DEFAULT_RUNTIME] = builder.map(resolveRuntime);
    return first;
  }
  const name = builderName(builder);
  const found = NAMES.get(name);
  if (found) return found;
  const guess = closest(name, [...NAMES.keys()]);
  const known = RUNTIMES.flatMap(({ base, versions }) => (base === undefined ? [] : versions));
  throw new UnknownRuntime(
    `"${name}" is not a builder`,
    guess === undefined
      ? `use one of ${known.map(({ names }) => names[0]).join(", ")}`
      : `did you mean "${guess}"?`,
  );
}

/**
 * What an app is built and run with, where nobody has looked which versions there are.
 * @throws UnknownRuntime for a builder that there is not
 */
export function namedRuntimes(builder: unknown): ChosenRuntimes {
  const runtime = resolveRuntime(builder);
  const { language, version } = runtime;
  const versions = version === undefined ? {} : { [language]: version };
  return { run: [runtime], build: [], linuxBase: null, versions, decisions: [], warnings: [] };
}

// --- internal ---

/** Every name of every runtime. */
const NAMES: ReadonlyMap<string, ChosenRuntime> = new Map(
  RUNTIMES.flatMap(({ language, versions }) =>
    versions.flatMap(({ version, names }) => {
      const request = version === "" ? { language } : { language, version };
      return names.map((name): [string, ChosenRuntime] => [name, request]);
    }),
  ),
);

function builderName(builder: unknown): string {
  if (typeof builder === "string") return builder;
  const { name, version } = builder as { name?: unknown; version?: unknown };
  return [name, version].filter((part) => part !== undefined).join("-");
}
