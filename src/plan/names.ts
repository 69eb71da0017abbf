/** Pure: tags, labels, and names of runtimes. */
import { valid } from "@renovatebot/pep440";
import { NODE_VERSIONS, RUBY_VERSIONS } from "../bases/base-images.ts";
import type { RuleProblem } from "../config/normalize.ts";
import type { AppConfig } from "../config/schema.ts";
import { closest } from "../lib/closest.ts";
import { VERSION } from "../protocol/version.ts";

type Metadata = AppConfig["metadata"];

/** The language that an app's base image brings. */
export type Builder =
  | { language: "python" }
  | { language: "nodejs"; version: string }
  /** The version without its dots, as in the names of its base images. */
  | { language: "ruby"; version: string };

/** A builder that there is not. */
export class BuilderError extends Error {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/** The image's tag: `nua-ID:VERSION`, with `-RELEASE` where there is one. */
export function nuaTag({ id, version, release }: Metadata): string {
  const name = id.startsWith("nua-") ? id : `nua-${id}`;
  return `${name}:${version}${release ? `-${release}` : ""}`;
}

/** What of metadata would make a tag that no engine or orchestrator takes. */
export function findNameProblems(metadata: Metadata): RuleProblem[] {
  const problems: RuleProblem[] = [];
  // Source: the reference grammar of the distribution project; the orchestrator lower-cases.
  if (!/^[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*$/.test(metadata.id)) {
    problems.push({
      path: ["metadata", "id"],
      message: `"${metadata.id}" cannot be the name of an image`,
      hint: "use lower-case letters and digits, with single . _ or - between them",
    });
  }
  const tag = nuaTag(metadata).slice(nuaTag(metadata).indexOf(":") + 1);
  if (!/^\w[\w.-]{0,127}$/.test(tag)) {
    problems.push({
      path: ["metadata", "version"],
      message: `"${tag}" cannot be the tag of an image`,
      hint: "use letters, digits, . _ and -, at most 128 of them",
    });
  } else if (!valid(tag)) {
    problems.push({
      severity: "warning",
      path: ["metadata", "version"],
      message: `"${tag}" has no order: of several archives, Nua takes this one for the oldest`,
      hint: "write it as PEP 440 has it, such as 1.2.3, with a number as release",
    });
  }
  return problems;
}

/** The labels of an app's image: upstream's three, and those that the OCI names. */
export function imageLabels(config: AppConfig): Record<string, string> {
  const { metadata, build } = config;
  const optional = {
    "org.opencontainers.image.description": metadata.tagline ?? metadata.description,
    "org.opencontainers.image.url": metadata.website,
    "org.opencontainers.image.licenses": build?.license,
  };
  const given = Object.entries(optional).flatMap(([label, value]) =>
    value ? [[label, value]] : [],
  );
  return {
    ...nuaLabels(metadata.id, nuaTag(metadata)),
    "org.opencontainers.image.title": metadata.title,
    "org.opencontainers.image.version": metadata.version,
    "org.opencontainers.image.authors": metadata.author,
    ...Object.fromEntries(given),
  };
}

/** The labels that upstream's images carry, base images too. */
export function nuaLabels(id: string, tag: string): Record<string, string> {
  return { APP_ID: id, NUA_TAG: tag, NUA_BUILD_VERSION: VERSION };
}

/**
 * @param builder build.builder: a name, `{name, version}`, or a list of either (the first counts)
 * @throws BuilderError for one that there is not
 */
export function resolveRuntime(builder: unknown): Builder {
  if (builder === undefined || builder === null || builder === "") return { language: "python" };
  if (Array.isArray(builder)) {
    const [first = { language: "python" as const }] = builder.map(resolveRuntime);
    return first;
  }
  const name = builderName(builder);
  const found = BUILDERS.get(name);
  if (found) return found;
  const guess = closest(name, [...BUILDERS.keys()]);
  throw new BuilderError(
    `"${name}" is not a builder`,
    guess === undefined
      ? `use one of node-${NODE_VERSIONS.join(", node-")}, ruby-27, ruby-31, ruby-32`
      : `did you mean "${guess}"?`,
  );
}

// --- internal ---

/** Every way to write a version of Ruby: "322", "32" and "3.2". */
function rubySpellings(version: string): string[] {
  const [major, minor, patch] = version.split(".");
  return [`${major}${minor}${patch}`, `${major}${minor}`, `${major}.${minor}`];
}

/** Every name of every builder. */
const BUILDERS: ReadonlyMap<string, Builder> = new Map<string, Builder>([
  ...["nua-builder", "nua-python", "python"].map((name): [string, Builder] => [
    name,
    { language: "python" },
  ]),
  ...NODE_VERSIONS.flatMap((version) =>
    ["node", "node-", "node_", "nodejs", "nodejs-", "nodejs_", "nua-builder-nodejs"].map(
      (prefix): [string, Builder] => [prefix + version, { language: "nodejs", version }],
    ),
  ),
  ...RUBY_VERSIONS.flatMap((version) =>
    ["ruby", "ruby-", "nua-builder-ruby"].flatMap((prefix) =>
      rubySpellings(version).map((spelling): [string, Builder] => [
        prefix + spelling,
        { language: "ruby", version: version.replaceAll(".", "") },
      ]),
    ),
  ),
]);

function builderName(builder: unknown): string {
  if (typeof builder === "string") return builder;
  const { name, version } = builder as { name?: unknown; version?: unknown };
  return [name, version].filter((part) => part !== undefined).join("-");
}
