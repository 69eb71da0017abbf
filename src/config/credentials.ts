/** Separates credentials in URLs from the configuration. Pure. */
import { NuaError } from "../lib/errors.ts";
import { HIDDEN, hideCredentials, secretsOf } from "../lib/secrets.ts";
import { type Credential, splitCredential } from "../session/credentials.ts";
import type { RuleProblem } from "./normalize.ts";
import type { FormattedFields, Rendered } from "./rendered.ts";
import type { AppConfig } from "./schema.ts";
import type { Path } from "./source-map.ts";

export interface WithoutCredentials {
  config: AppConfig;
  rendered: Rendered;
  credentials: Credential[];
  problems: RuleProblem[];
}

/**
 * Takes the credentials out of `git-url`, `src-url`, `project`, `base-image` and `pip-install`,
 * also where metadata or a provider repeats them. What the app is started with stays: an address
 * in `env` or in a shell line is the app's own.
 */
export function takeCredentials(config: AppConfig, rendered: Rendered): WithoutCredentials {
  const { fields, names } = rendered;
  const items = config.build?.["pip-install"] ?? [];
  const isList = Array.isArray(items);
  const places: { path: Path; text: string; inBuild: boolean }[] = [
    { path: ["build", "src-url"], text: fields.srcUrl, inBuild: false },
    { path: ["build", "project"], text: fields.project, inBuild: false },
    { path: ["build", "git-url"], text: fields.gitUrl, inBuild: false },
    ...(isList ? items : [items]).map((text, index) => ({
      path: ["build", "pip-install", ...(isList ? [index] : [])],
      text,
      inBuild: true,
    })),
  ];
  const known = new Map<string, Credential>();
  const problems: RuleProblem[] = [];
  for (const { path, text, inBuild } of places) {
    for (const address of text.match(ADDRESSES) ?? []) {
      const { credential } = splitCredential(address);
      if (credential === undefined) continue;
      const { shown, address: written } = credential;
      const before = known.get(shown);
      if (before !== undefined && before.address !== written) {
        problems.push({ path, message: `"${shown}" has two passwords`, hint: "give it one" });
      }
      known.set(shown, { shown, address: written, inBuild: inBuild || before?.inBuild === true });
    }
  }
  return {
    config: {
      ...config,
      metadata: hideIn(config.metadata),
      ...(config.build ? { build: hideIn(config.build) } : {}),
      ...(config.provider ? { provider: config.provider.map(hideInProvider) } : {}),
    },
    rendered: { ...rendered, names: hideIn(names), fields: hideInFields(fields) },
    credentials: [...known.values()],
    problems,
  };
}

/**
 * The text of a configuration as it may be carried away: a build from a bundle needs no password.
 * @throws NuaError (config) where one is written in a way that cannot be replaced
 */
export function textWithoutCredentials(
  { file, text }: { file: string; text: string },
  credentials: readonly Credential[],
): string {
  let open = text;
  for (const { address } of credentials) {
    const [, scheme = "", written = ""] = /^([^/]*:\/\/)([^/]*)@/.exec(address) ?? [];
    open = open.replaceAll(`${scheme}${written}@`, `${scheme}${HIDDEN}@`);
    if (!secretsOf([address]).some((secret) => open.includes(secret))) continue;
    throw new NuaError("config", `Record config "${file}": it holds a password`, {
      file,
      hint: "write the whole address with its name and password in one piece, or use --rewrite",
    });
  }
  return open;
}

// --- internal ---

const ADDRESSES = /[a-z][a-z\d.-]{0,30}:\/\/[^\s"'<>]+/gi;

/** Shell lines are run as they are written. */
const SHELL_KEYS: ReadonlySet<string> = new Set(["build", "test", "before-build"]);

function hideIn<Table extends object>(table: Table): Table {
  const entries = Object.entries(table).map(([key, value]) => [
    key,
    SHELL_KEYS.has(key) ? value : hide(value),
  ]);
  return Object.fromEntries(entries) as Table;
}

function hide(value: unknown): unknown {
  if (typeof value === "string") return hideCredentials(value);
  if (Array.isArray(value)) return value.map(hide);
  return value !== null && typeof value === "object" ? hideIn(value) : value;
}

function hideInProvider<Provider extends { build?: AppConfig["build"] }>(one: Provider): Provider {
  return one.build ? { ...one, build: hideIn(one.build) } : one;
}

function hideInFields(fields: FormattedFields): FormattedFields {
  const { srcUrl, gitUrl, project, baseImage } = fields;
  return {
    ...fields,
    srcUrl: hideCredentials(srcUrl),
    gitUrl: hideCredentials(gitUrl),
    project: hideCredentials(project),
    baseImage: hideCredentials(baseImage),
  };
}
