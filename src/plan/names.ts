/** Pure: tags and labels. */
import { valid } from "@renovatebot/pep440";
import type { RuleProblem } from "../config/normalize.ts";
import type { AppConfig } from "../config/schema.ts";
import { VERSION } from "../protocol/version.ts";

type Metadata = AppConfig["metadata"];

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
