/** Pure: reads deno.lock: which versions each wish of an app has become. */
import * as v from "valibot";
import { NuaError } from "../../lib/errors.ts";
import { jsonProblem } from "../../lib/json-problem.ts";
import { oncePer } from "../../lib/once-per.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import { rejectConflict } from "../merge-conflict.ts";
import { type PackageSpecifier, parseSpecifier } from "./specifiers.ts";
import { NEWEST_LOCK } from "./versions.ts";

export const LOCK = "deno.lock";

export interface DenoLock {
  file: string;
  /** Of its format. */
  format: number;
  /** Where it says that. */
  line: number;
  /** What is asked for anywhere in the app. */
  wishes: readonly PackageSpecifier[];
  /** What its manifests ask for; null where the format does not say. */
  declared: readonly PackageSpecifier[] | null;
  /** Addresses that are imported. */
  remote: ReadonlySet<string>;
}

/** @throws NuaError (input) for one that is damaged, or in a format that nobody here knows */
export const readLock = oncePer((tree: SourceTree, file: string = LOCK): DenoLock | null => {
  const content = tree.text(file);
  if (content === undefined) return null;
  const parsed = v.safeParse(lockSchema, parseText(file, content));
  const line =
    Math.max(
      0,
      content.split("\n").findIndex((one) => /"version"\s*:/.test(one)),
    ) + 1;
  const position = { line, column: 1 };
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const where = (issue.path ?? []).map(({ key }) => String(key)).join(".");
    const problem = `Read "${file}": ${where || "it"}: ${issue.message}`;
    throw new NuaError("input", problem, { file, position: { line: 1, column: 1 } });
  }
  const { version, specifiers, packages, npm, remote, redirects, workspace } = parsed.output;
  const format = Number(version);
  if (!Number.isInteger(format) || format < 1) {
    const problem = `Read "${file}": "${version.slice(0, 40)}" is no version of its format`;
    throw new NuaError("input", problem, { file, position, hint: HINT });
  }
  if (format > NEWEST_LOCK) {
    const problem = `Read "${file}": version ${format} of its format is newer than all that are known here, up to ${NEWEST_LOCK}`;
    throw new NuaError("input", problem, { file, position, hint: HINT });
  }
  const all = specifiers ?? packages.specifiers ?? npm.specifiers ?? {};
  return {
    ...{ file, format, line },
    wishes: Object.keys(all).flatMap((key) => parseSpecifier(withKind(key)) ?? []),
    declared: workspace === undefined ? null : declaredIn(workspace),
    remote: new Set([...Object.keys(remote), ...Object.keys(redirects)]),
  };
});

// --- internal ---

const HINT = "delete it, and have deno install write it anew";

const record = v.record(v.string(), v.unknown());
const specifierRecord = v.optional(record);
const names = v.optional(v.array(v.string()), []);
const manifests = v.object({
  dependencies: names,
  packageJson: v.optional(v.object({ dependencies: names }), {}),
});

/** 1 to 3, and from 4 on. Source: denoland/deno_lockfile, transforms.rs. */
const lockSchema = v.object({
  version: v.optional(v.string(), "1"),
  specifiers: specifierRecord,
  packages: v.optional(v.object({ specifiers: specifierRecord }), {}),
  // In version 2 it has wishes; later, packages, whose names may be anything.
  npm: v.pipe(
    v.optional(record, {}),
    v.transform(({ specifiers }) => {
      const found = v.safeParse(record, specifiers);
      return { specifiers: found.success ? found.output : undefined };
    }),
  ),
  remote: v.optional(record, {}),
  redirects: v.optional(record, {}),
  workspace: v.optional(
    v.object({ ...manifests.entries, members: v.optional(v.record(v.string(), manifests), {}) }),
  ),
});

type Workspace = NonNullable<v.InferOutput<typeof lockSchema>["workspace"]>;

function declaredIn({ members, ...top }: Workspace): PackageSpecifier[] {
  const all = [top, ...Object.values(members)].flatMap(({ dependencies, packageJson }) => [
    ...dependencies,
    ...packageJson.dependencies,
  ]);
  return all.flatMap((one) => parseSpecifier(one) ?? []);
}

/** Version 2 has names of npm's alone. */
function withKind(key: string): string {
  return /^(?:npm|jsr):/.test(key) ? key : `npm:${key}`;
}

function parseText(file: string, content: string): unknown {
  try {
    return JSON.parse(content);
  } catch (cause) {
    rejectConflict(file, content, HINT);
    const problem = jsonProblem(content);
    const reason = problem?.message ?? "it is no JSON";
    throw new NuaError("input", `Read "${file}": not valid JSON: ${reason}`, {
      ...{ file, position: problem?.position, hint: HINT, cause },
    });
  }
}
