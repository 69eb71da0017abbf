/** Pure: which source a configuration names. */
import { normalize } from "node:path/posix";
import type { FormattedFields } from "../config/rendered.ts";
import type { AppConfig } from "../config/schema.ts";
import { type NamedSource, repositoryName } from "../source/named-source.ts";

/**
 * The first of src-url, project and git-url, as upstream has it; else all of the app's folder.
 * @param sourceFolder the folder of the app's that src-url names; null where it names something else
 */
export function nameSource(
  { metadata, build }: AppConfig,
  { srcUrl, gitUrl, gitBranch, project }: FormattedFields,
  sourceFolder: string | null,
): NamedSource {
  const dir = metadata.id;
  if (srcUrl !== "") {
    if (sourceFolder !== null) return { kind: "folder", dir: sourceFolder };
    const checksum = build?.["src-checksum"];
    // Of a table by platform, the text of this one has been taken before. Upstream takes an empty one
    // for none, and packages have it.
    const sha256 = typeof checksum === "string" && checksum !== "" ? checksum : null;
    return { kind: "archive", url: srcUrl, sha256, dir, key: "build.src-url" };
  }
  if (/^https?:\/\//.test(project)) {
    return { kind: "archive", url: project, sha256: null, dir, key: "build.project" };
  }
  if (project !== "") return { kind: "folder", dir: normalize(project) };
  if (gitUrl === "") return { kind: "folder", dir: "." };
  const repository = repositoryName(gitUrl);
  return { kind: "git", url: gitUrl, revision: gitBranch, dir: repository, key: "build.git-url" };
}
