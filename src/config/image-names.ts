/** Pure: what an app's image is called, and what of its metadata would make no name. */
import { valid } from "@renovatebot/pep440";
import type { RuleProblem } from "./normalize.ts";
import type { AppConfig } from "./schema.ts";

type Metadata = AppConfig["metadata"];

/** The image's tag: `nua-ID:VERSION`, with `-RELEASE` where there is one. */
export function nuaTag({ id, version, release }: Metadata): string {
  const name = id.startsWith("nua-") ? id : `nua-${id}`;
  return `${name}:${version}${release ? `-${release}` : ""}`;
}

/** Source: the reference grammar of the distribution project; the orchestrator lower-cases. */
export function isImageName(text: string): boolean {
  return /^[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*$/.test(text);
}

/** What of metadata would make a tag that no engine or orchestrator takes. */
export function findNameProblems(metadata: Metadata): RuleProblem[] {
  const problems: RuleProblem[] = [];
  if (!isImageName(metadata.id)) {
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
