/** After a failure of npm, pnpm, yarn or bun: which version it says not to be there. */
import * as v from "valibot";
import type { RunCommand } from "../protocol/command.ts";
import type { RefusedVersion } from "./registry.ts";

/** @param tail the last lines that the command printed */
export function refusedByNpm(command: RunCommand, tail: string): RefusedVersion | undefined {
  const said = MESSAGES[command.argv[0] ?? ""]?.exec(tail)?.groups;
  const { name = "", range = "" } = said ?? {};
  if (!NAME.test(name) || range === "") return undefined;
  // Silent: both of its streams are read as one.
  const argv = ["npm", "view", name, "versions", "--json", "--silent"];
  return {
    ...{ name, range, manifest: "package.json" },
    query: { ...command, argv, timeout: PATIENCE },
    versions: readVersions,
  };
}

// --- internal ---

/** Seconds. */
const PATIENCE = 60;

/** What may be a name of a package, and is no option. */
const NAME = /^(?:@[\w.~][\w.~-]*\/)?[\w.~][\w.~-]{0,213}$/;

const OF_NPM =
  /No matching version found for (?<name>@?[^@\s]+)@(?<range>.{1,100}?)(?:\.?$| while fetching)/m;

/** By the first word of a command, as each client words it. */
const MESSAGES: Readonly<Record<string, RegExp>> = {
  npm: OF_NPM,
  pnpm: OF_NPM,
  yarn: /find any versions for "(?<name>[^"\s]+)" that matches "(?<range>[^"\n]{1,100})"|(?<name>@?[^@\s]+)@npm:(?<range>[^\n:]{1,100}): No candidates found/,
  bun: /No version matching "(?<range>[^"\n]{1,100})" found for specifier "(?<name>[^"\s]+)"/,
};

const answerSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.union([
    v.array(v.string()),
    v.pipe(
      v.string(),
      v.transform((one) => [one]),
    ),
  ]),
);

/** Without pre-releases. */
function readVersions(text: string): string[] {
  const parsed = v.safeParse(answerSchema, text);
  return parsed.success
    ? parsed.output.filter((one) => /^\d{1,9}\.\d{1,9}\.\d{1,9}$/.test(one))
    : [];
}
