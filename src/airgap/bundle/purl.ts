/** Pure: package URLs (the Package URL specification), by which other tools know a thing. */
import type { FoundItem } from "./list-items.ts";

/** Undefined for what no type of them stands for. */
export function packageUrl(item: FoundItem): string | undefined {
  return TYPES[item.kind]?.(item);
}

/** Of an image that has no other name than its id. */
export function imageUrl(tag: string, id: string): string {
  const { path, version } = /^(?<path>.+):(?<version>[^:/]+)$/.exec(tag)?.groups ?? { path: tag };
  const name = path!.split("/").map(encode).join("/");
  return `pkg:docker/${name}@${id}${qualifiers({ tag: version })}`;
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

type Format = (item: FoundItem) => string;

const TYPES: Readonly<Partial<Record<FoundItem["kind"], Format>>> = {
  deb: ({ name, version, arch, url }) => {
    const vendor = /ubuntu/i.test(url) ? "ubuntu" : "debian";
    return `pkg:deb/${vendor}/${encode(name)}@${encode(version)}${qualifiers({ arch })}`;
  },
  pypi: ({ name, version, url }) => {
    return `pkg:pypi/${encode(name)}@${encode(version)}${qualifiers({ file_name: fileName(url) })}`;
  },
  npm: ({ name, version }) => {
    return `pkg:npm/${name.split("/").map(encode).join("/")}@${encode(version)}`;
  },
  gem: ({ name, version, arch }) => {
    return `pkg:gem/${encode(name)}@${encode(version)}${qualifiers({ platform: arch })}`;
  },
  git: ({ name, version }) => {
    const github = githubPlace(name);
    const at = version === "" ? "" : `@${encode(version)}`;
    if (github !== undefined) return `pkg:github/${github.name}${at}`;
    return `pkg:generic/${encode(fileName(name))}${at}${qualifiers({ vcs_url: `git+${name}` })}`;
  },
  file: ({ name, sha256, url }) => {
    const github = githubPlace(url);
    if (github?.ref !== undefined) return `pkg:github/${github.name}@${encode(github.ref)}`;
    const checksum = `sha256:${sha256}`;
    return `pkg:generic/${encode(fileName(name))}${qualifiers({ checksum, download_url: name })}`;
  },
};

function releaseTag(rest: string): string | undefined {
  return /^releases\/download\/([^/]+)\//.exec(rest)?.[1];
}

/** The last segment of its path. */
function fileName(url: string): string {
  const [path = ""] = url.split(/[?#]/, 1);
  return path.split("/").findLast((segment) => segment !== "") ?? "";
}

/** "the ':' … must not be encoded" */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll("%3A", ":");
}

/** Sorted by key, without those that are empty. */
function qualifiers(values: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(values).flatMap(([key, value]) =>
    value === undefined || value === "" ? [] : [`${key}=${encode(value)}`],
  );
  return given.length === 0 ? "" : `?${given.sort().join("&")}`;
}
