/**
 * Pure: what Microsoft's servers say of the releases of .NET. Source: github.com/dotnet/core,
 * "release-notes/releases-index.json"; docs of dotnet-install.
 */

import * as v from "valibot";
import { semver } from "../../../lib/semver.ts";

/** Below the address, the list of channels; each of them lists its own releases. */
export const INDEX = "release-metadata/releases-index.json";

/** Parts of a release that are installed, by the folders that have them on a server. */
export type Product = "Sdk" | "Runtime" | "aspnetcore/Runtime";

export interface ReleaseArchive {
  version: string;
  /** Below the server's address. */
  path: string;
  /** In hexadecimal. */
  sha512: string;
}

/** Where the list of a channel's releases is. */
export function channelPath(channel: string): string {
  return `release-metadata/${channel}/releases.json`;
}

/** The lists of all channels that are not too old; none where the text is no index. */
export function channelsOf(index: string, oldest: string): string[] {
  const channels = parsed(index, indexSchema)?.["releases-index"] ?? [];
  return channels
    .map((one) => one["channel-version"])
    .filter((one) => /^\d{1,3}\.\d{1,3}$/.test(one) && semver.gte(`${one}.0`, oldest))
    .slice(0, MOST_CHANNELS)
    .map(channelPath);
}

/** All versions of a product that lists have; undefined where one of them is no list. */
export function versionsOf(
  index: string,
  lists: readonly string[],
  product: Product,
): string[] | undefined {
  if (parsed(index, indexSchema) === undefined) return undefined;
  const all = lists.map((text) => parsed(text, channelSchema));
  if (all.some((one) => one === undefined)) return undefined;
  const found = all.flatMap((one) => partsOf(one!, product).map(({ version }) => version));
  return [...new Set(found)].filter((one) => /^\d+\.\d+\.\d+$/.test(one));
}

/**
 * The newest version of a series, or that very one.
 * @param wanted "8.0", "8.0.404"
 * @param rid as .NET calls the system: "linux-x64"
 * @returns null where there is none
 */
export function findArchive(
  list: string,
  { product, wanted, rid }: { product: Product; wanted: string; rid: string },
): ReleaseArchive | null {
  const channel = parsed(list, channelSchema);
  const fitting = (channel === undefined ? [] : partsOf(channel, product))
    .filter(({ version }) => semver.valid(version) !== null && semver.prerelease(version) === null)
    .filter(({ version }) => version === wanted || version.startsWith(`${wanted}.`))
    .toSorted((a, b) => semver.rcompare(a.version, b.version));
  for (const { version, files } of fitting) {
    const name = fileName(product, version, rid);
    const plain = fileName(product, "", rid);
    const file = files.find((one) => one.name === plain || one.name === name);
    if (file !== undefined && /^[0-9a-f]{128}$/i.test(file.hash)) {
      return { version, path: `${product}/${version}/${name}`, sha512: file.hash.toLowerCase() };
    }
  }
  return null;
}

// --- internal ---

const MOST_CHANNELS = 60;

const NAMES: Readonly<Record<Product, string>> = {
  Sdk: "dotnet-sdk",
  Runtime: "dotnet-runtime",
  "aspnetcore/Runtime": "aspnetcore-runtime",
};

/** `dotnet-sdk-8.0.404-linux-x64.tar.gz`; in a list it may be without the version. */
function fileName(product: Product, version: string, rid: string): string {
  return [NAMES[product], version, `${rid}.tar.gz`].filter((one) => one !== "").join("-");
}

const indexSchema = v.object({
  "releases-index": v.array(v.object({ "channel-version": v.string() })),
});

const partSchema = v.object({
  version: v.string(),
  files: v.optional(v.array(v.object({ name: v.string(), hash: v.optional(v.string(), "") })), []),
});

/** A release may be of some products only. */
const channelSchema = v.object({
  releases: v.array(
    v.object({
      runtime: v.nullish(partSchema),
      sdk: v.nullish(partSchema),
      sdks: v.nullish(v.array(partSchema)),
      "aspnetcore-runtime": v.nullish(partSchema),
    }),
  ),
});

type Part = v.InferOutput<typeof partSchema>;

function partsOf({ releases }: v.InferOutput<typeof channelSchema>, product: Product): Part[] {
  return releases.flatMap((release) => {
    if (product === "Runtime") return release.runtime ?? [];
    if (product === "aspnetcore/Runtime") return release["aspnetcore-runtime"] ?? [];
    return [...(release.sdks ?? []), release.sdk ?? []].flat();
  });
}

function parsed<Out>(text: string, schema: v.GenericSchema<unknown, Out>): Out | undefined {
  try {
    const { success, output } = v.safeParse(schema, JSON.parse(text));
    return success ? output : undefined;
  } catch {
    return undefined;
  }
}
