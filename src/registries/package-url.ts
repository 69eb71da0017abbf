/** Parts of package URLs (purl), encoded as their specification says. Pure. */

/** "the ':' … must not be encoded" */
export function encode(text: string): string {
  return encodeURIComponent(text).replaceAll("%3A", ":");
}

/** Sorted by key, without those that are empty. */
export function qualifiers(values: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(values).flatMap(([key, value]) =>
    value === undefined || value === "" ? [] : [`${key}=${encode(value)}`],
  );
  return given.length === 0 ? "" : `?${given.sort().join("&")}`;
}

/** The last segment of its path. */
export function fileName(url: string): string {
  const [path = ""] = url.split(/[?#]/, 1);
  return path.split("/").findLast((segment) => segment !== "") ?? "";
}

/** OWNER, NAME and REF of an address of GitHub; without REF where it names none. */
export function githubPlace(url: string): { name: string; ref: string | undefined } | undefined {
  const pattern =
    /^https?:\/\/(?:codeload\.|www\.)?github\.com\/([^/]+)\/([^/]+?)(?:\.git)?(?:\/(.*))?$/;
  const [, owner, name, rest = ""] = pattern.exec(url) ?? [];
  if (!owner || !name) return undefined;
  const ref =
    /^(?:archive|tar\.gz|zip|legacy\.tar\.gz|tarball|zipball)\/(?:refs\/(?:tags|heads)\/)?(.+?)(?:\.tar\.gz|\.tgz|\.zip)?$/.exec(
      rest,
    )?.[1];
  return { name: `${owner}/${name}`.toLowerCase(), ref: ref ?? releaseTag(rest) };
}

// --- internal ---

function releaseTag(rest: string): string | undefined {
  return /^releases\/download\/([^/]+)\//.exec(rest)?.[1];
}
