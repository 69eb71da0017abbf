/** The source that a configuration names: folder, archive URL or git revision. */
import { publicUrl } from "../lib/secrets.ts";
import { APP_PATH } from "../protocol/words.ts";

export type NamedSource =
  /** A folder of the app's own, relative to its folder; "." is all of it. */
  | { kind: "folder"; dir: string }
  | {
      kind: "archive";
      /** http, https or file; without a scheme, a path relative to the app's folder. */
      url: string;
      sha256: string | null;
      /** What the folder of the source is called in the image. */
      dir: string;
      /** The key of the nua-config that names it, or what else does; for messages. */
      key: string;
    }
  | {
      kind: "git";
      url: string;
      /** A branch, a tag or a commit. */
      revision: string;
      dir: string;
      key: string;
    };

/** One that does not lie in the app's folder as it is. */
export type FetchedSource = Exclude<NamedSource, { kind: "folder" }>;

/** The folder that `git clone` would make. */
export function repositoryName(url: string): string {
  const last =
    url
      .replace(/[?#].*$/, "")
      .replace(/\/+$/, "")
      .split(/[/:]/)
      .at(-1) ?? "";
  const name = last.replace(/\.git$/, "");
  return APP_PATH.accepts(name) && name !== "." ? name : "source";
}

/** Neither an address nor the `host:path` of ssh. */
export function isLocalRepository(url: string): boolean {
  return url.startsWith("file://") || /^\.{0,2}\//.test(url);
}

/**
 * What an archive is called among the inputs of a build: of a repository, with the revision that
 * was asked for.
 */
export function inputName(source: FetchedSource): string {
  const url = publicUrl(source.url);
  return source.kind === "git" ? `git+${url}@${source.revision}` : url;
}
