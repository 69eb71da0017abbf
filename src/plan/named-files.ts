/** Pure: files that a configuration names, and that have to exist. */
import type { FormattedFields } from "../config/rendered.ts";
import type { AppConfig } from "../config/schema.ts";

export interface NamedFile {
  /** The key that names it. */
  key: readonly (string | number)[];
  /** Relative to the app's folder, as it was written. */
  file: string;
}

export function namedFiles({ build }: AppConfig, fields: FormattedFields): NamedFile[] {
  const manifest = build?.manifest ?? [];
  const listed = Array.isArray(manifest) ? manifest : [manifest];
  const files = listed.map((file, index) => ({
    key: ["build", "manifest", ...(Array.isArray(manifest) ? [index] : [])],
    file,
  }));
  const { srcUrl, gitUrl, project } = fields;
  const isFetched = srcUrl !== "" || gitUrl !== "" || project.includes("://");
  const source = localPath(srcUrl);
  if (source !== "") files.push({ key: ["build", "src-url"], file: source });
  if (!isFetched && project !== "") files.push({ key: ["build", "project"], file: project });
  const script = build?.["build-script"];
  // Fetched source, or a command before, may bring it.
  if (script && !isFetched && !build["before-build"]) {
    files.push({ key: ["build", "build-script"], file: script });
  }
  return files.filter(({ file }) => file !== "");
}

// --- internal ---

/** The file that an address stands for; empty when it is not on this machine. */
function localPath(url: string): string {
  if (/^file:\/\/\/[^%]*$/i.test(url)) return url.slice("file://".length);
  return /^[a-z][a-z+.-]*:/i.test(url) ? "" : url;
}
