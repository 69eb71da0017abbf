/** Pure: Pipfile, of Pipenv. */
import * as v from "valibot";
import { hideCredentials } from "../../../lib/secrets.ts";
import type { SourceTree } from "../../../source/source-tree.ts";
import { Obstacle } from "../../dependency-rule.ts";
import { readConstraint } from "../manifests/constraints.ts";
import { gitUrl } from "../manifests/git-url.ts";
import { fileError, lineOf, readToml } from "../manifests/read-file.ts";
import { type Declared, normalizeName } from "../manifests/requirement.ts";

export const PIPFILE = "Pipfile";

const text = v.optional(v.string());

const details = v.looseObject({
  ...{ version: text, markers: text, index: text },
  extras: v.optional(v.array(v.string()), []),
  ...{ git: text, ref: text, subdirectory: text, path: text, file: text },
});

const schema = v.object({
  source: v.optional(v.array(v.looseObject({ name: text, url: v.string() })), []),
  packages: v.optional(v.record(v.string(), v.union([v.string(), details])), {}),
  "dev-packages": v.optional(v.record(v.string(), v.unknown()), {}),
  requires: v.optional(v.looseObject({ python_version: text, python_full_version: text })),
});

export type Pipfile = v.InferOutput<typeof schema>;

/** @throws NuaError with the place of what is wrong with it */
export function readPipfile(tree: SourceTree): Pipfile | undefined {
  return readToml(tree, PIPFILE, schema);
}

export function pipfileDeclared(
  { packages, source: sources }: Pipfile,
  tree: SourceTree,
): Declared[] {
  return Object.entries(packages).map(([name, value]) => {
    const one = typeof value === "string" ? v.parse(details, { version: value }) : value;
    const url = gitUrl({ ...one, rev: one.ref }) ?? one.file ?? null;
    if (url !== null && hideCredentials(url) !== url) {
      throw new Obstacle(`${PIPFILE} names "${name}" at "${hideCredentials(url)}"`);
    }
    const requirement = {
      name: normalizeName(name),
      extras: one.extras.map(normalizeName),
      range: url === null ? rangeOf(name, one.version ?? "*", tree) : "",
      url,
      marker: markersOf(one),
    };
    const index = sources.find((entry) => entry.name === one.index)?.url ?? null;
    return { requirement, path: one.path ?? null, index: index === sources[0]?.url ? null : index };
  });
}

// --- internal ---

function rangeOf(name: string, constraint: string, tree: SourceTree): string {
  const ranges = readConstraint(constraint);
  if (ranges !== null) return ranges.at(-1) ?? "";
  const line = lineOf(
    tree.text(PIPFILE) ?? "",
    new RegExp(`^["']?${name.replace(/\W/g, ".")}\\b`, "m"),
  );
  const problem = `"${constraint}" of "${name}" is no version constraint`;
  throw fileError(PIPFILE, problem, { ...(line === undefined ? {} : { line }) });
}

/** Besides `markers`, each marker may be a key of its own: `sys_platform = "== 'linux'"`. */
function markersOf(one: v.InferOutput<typeof details>): string {
  const own = MARKER_KEYS.flatMap((key) => {
    const value = one[key];
    return typeof value === "string" ? [`${key} ${value}`] : [];
  });
  return [...(one.markers === undefined ? [] : [`(${one.markers})`]), ...own].join(" and ");
}

const MARKER_KEYS = [
  ...["os_name", "sys_platform", "platform_machine", "platform_python_implementation"],
  ...["platform_release", "platform_system", "platform_version", "python_version"],
  ...["python_full_version", "implementation_name", "implementation_version"],
];
