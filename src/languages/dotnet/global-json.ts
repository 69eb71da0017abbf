/** Pure: global.json: which SDK builds an app. Source: learn.microsoft.com, "global.json overview". */
import { parse } from "jsonc-parser";
import * as v from "valibot";
import { oncePer } from "../../lib/once-per.ts";
import { semver } from "../../lib/semver.ts";
import type { Origin } from "../../protocol/planned-action.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import { rejectConflict } from "../merge-conflict.ts";
import { fileError } from "./project.ts";

export interface WantedSdk {
  /** As ranges of semver have it. */
  range: string;
  from: Origin;
}

export const GLOBAL_JSON = "global.json";

/**
 * Null where it names none.
 * @throws NuaError (input) for one that dotnet could not read, or that names no version
 */
export const sdkOfGlobalJson = oncePer((tree: SourceTree): WantedSdk | null => {
  const text = tree.text(GLOBAL_JSON);
  if (text === undefined) return null;
  rejectConflict(GLOBAL_JSON, text);
  // Comments are allowed, and a comma at the end.
  const errors: { offset: number }[] = [];
  const parsed: unknown = parse(text, errors as never, { allowTrailingComma: true });
  const [first] = errors;
  if (first !== undefined) {
    const line = text.slice(0, first.offset).split("\n").length;
    throw fileError(GLOBAL_JSON, "not valid JSON", { line, hint: "correct it, or remove it" });
  }
  const { success, output } = v.safeParse(schema, parsed);
  if (!success) {
    const hint = 'write {"sdk": {"version": "8.0.100"}}';
    throw fileError(GLOBAL_JSON, "sdk.version and sdk.rollForward are texts", { hint });
  }
  const { version, rollForward } = output.sdk ?? {};
  if (version === undefined) return null;
  const line = lineOf(text, "version");
  const policy = (rollForward ?? "latestPatch").toLowerCase();
  if (semver.valid(version) === null) {
    const hint = "write the version of an SDK in full, such as 8.0.100";
    throw fileError(GLOBAL_JSON, `"${version.slice(0, 80)}" is no version of an SDK`, {
      line,
      hint,
    });
  }
  if (!POLICIES.has(policy)) {
    const hint = `use one of ${[...POLICIES.values()].join(", ")}`;
    const said = `"${rollForward!.slice(0, 80)}" is no way to roll forward`;
    throw fileError(GLOBAL_JSON, said, { line: lineOf(text, "rollForward"), hint });
  }
  return { range: rangeOf(version, policy), from: { what: GLOBAL_JSON, line } };
});

// --- internal ---

const schema = v.object({
  sdk: v.optional(
    v.object({ version: v.optional(v.string()), rollForward: v.optional(v.string()) }),
  ),
});

/** In small letters -> as they are written. */
const POLICIES = new Map(
  [
    ...["disable", "patch", "feature", "minor", "major"],
    ...["latestPatch", "latestFeature", "latestMinor", "latestMajor"],
  ].map((name) => [name.toLowerCase(), name]),
);

/**
 * The hundreds of an SDK's last number are its features, what is below them its patch. Of what a policy
 * allows the newest is taken, where dotnet itself would take the nearest that is installed.
 */
function rangeOf(version: string, policy: string): string {
  const { major, minor, patch } = semver.parse(version)!;
  const band = (Math.floor(patch / 100) + 1) * 100;
  const next: Readonly<Record<string, string>> = {
    patch: `<${major}.${minor}.${band}`,
    feature: `<${major}.${minor + 1}.0`,
    minor: `<${major + 1}.0.0`,
    major: "",
  };
  const end = next[policy.replace(/^latest/, "")];
  return end === undefined ? version : `>=${version} ${end}`.trim();
}

function lineOf(text: string, key: string): number {
  const at = text.split("\n").findIndex((line) => line.includes(`"${key}"`));
  return Math.max(0, at) + 1;
}
