/** Completes a configuration by what the app's folder says; all of it, where there is none. Pure. */
import type { DescribedApp, Told } from "./describe-app.ts";
import type { Path } from "./source-map.ts";

/** A key that no configuration has. */
export interface DraftedKey extends Told {
  path: Path;
}

/** What the app's folder says. @param app the member of a workspace, or the folder, that is the app */
export type Describe = (app: string | null) => DescribedApp;

export interface Draft {
  config: Table;
  drafted: DraftedKey[];
  /** Those that were looked at. */
  manifests: string[];
}

type Table = Record<string, unknown>;

/**
 * @param config its keys in their places
 * @param describe asked only where something is missing
 */
export function draftMissing(
  config: Table,
  { isNone, describe }: { isNone: boolean; describe: Describe },
): Draft {
  const given = config.metadata ?? {};
  // What is wrong with it is told by the schema.
  if (!isTable(given)) return { config, drafted: [], manifests: [] };
  const missing = REQUIRED.filter((key) => given[key] === undefined || given[key] === null);
  if (missing.length === 0 && !isNone) return { config, drafted: [], manifests: [] };
  const { app } = isTable(config.build) ? config.build : {};
  const described = describe(typeof app === "string" ? app : null);
  const { manifests, license } = described;
  const keys = isNone ? [...REQUIRED, ...OPTIONAL] : missing;
  const drafted = keys.flatMap((key): DraftedKey[] => {
    const told = described[key];
    return told === undefined ? [] : [{ path: ["metadata", key], ...told }];
  });
  const values = Object.fromEntries(drafted.map(({ path, value }) => [path[1], value]));
  const metadata = { ...values, ...withoutMissing(given, missing) };
  if (!isNone) return { config: { ...config, metadata }, drafted, manifests };
  const complete = { metadata: { ...metadata, tags: [] }, ...(license && licensed(license)) };
  const all = license ? [...drafted, { path: ["build", "license"], ...license }] : drafted;
  return { config: complete, drafted: all, manifests };
}

// --- internal ---

/** What an image cannot do without, in the order of its documentation. */
const REQUIRED = ["id", "version", "title", "author"] as const;

const OPTIONAL = ["tagline", "website"] as const;

function licensed({ value }: Told): { build: { license: string } } {
  return { build: { license: value } };
}

function withoutMissing(given: Table, missing: readonly string[]): Table {
  return Object.fromEntries(Object.entries(given).filter(([key]) => !missing.includes(key)));
}

function isTable(value: unknown): value is Table {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
