/** Orders a chain of difference bundles, from their indexes. */
import { basename } from "node:path";
import { NuaError } from "../../lib/errors.ts";
import { attemptOn, type BundleFile, bundleChunks, type SourceOptions } from "./bundle-file.ts";
import type { BundleReference } from "./bundle-index.ts";
import { readFront } from "./read-bundle.ts";
import { readMembers } from "./read-members.ts";

/**
 * @param files in any order
 * @returns the oldest first
 * @throws NuaError (archive) for a file that is none, (input) when one that is needed was not
 *   given, or they do not belong together
 */
export async function orderFiles(
  files: readonly string[],
  options: SourceOptions,
): Promise<BundleFile[]> {
  if (files.length === 0) throw new NuaError("usage", "Read bundle: expected at least one file");
  const fronts: BundleFile[] = [];
  for (const file of files) {
    const attempt = attemptOn(file);
    const members = readMembers(bundleChunks(file, { signal: options.signal }), attempt);
    try {
      const front = { file, ...(await readFront(members, attempt)) };
      if (front.index.request !== null) throw notABundle(front);
      // The same file twice is the same bundle.
      if (!fronts.some(({ id }) => id === front.id)) fronts.push(front);
    } finally {
      await members.return();
    }
  }
  return orderChain(fronts);
}

// --- internal ---

function orderChain(fronts: readonly BundleFile[]): BundleFile[] {
  const byId = new Map(fronts.map((front) => [front.id, front]));
  for (const { file, index } of fronts) {
    if (index.since !== null && !byId.has(index.since.index)) throw olderMissing(file, index.since);
  }
  const below = new Set(fronts.map(({ index }) => index.since?.index));
  const [newest, other] = fronts.filter(({ id }) => !below.has(id));
  if (newest === undefined || other !== undefined) throw noChain(fronts, newest, other);
  const chain: BundleFile[] = [];
  for (let at: BundleFile | undefined = newest; at !== undefined; ) {
    chain.unshift(at);
    at = byId.get(at.index.since?.index ?? "");
  }
  return chain;
}

function olderMissing(file: string, { name, index }: BundleReference): NuaError {
  const problem = `it is the difference to "${name}", which was not given`;
  return new NuaError("input", `${attemptOn(file)}: ${problem}`, {
    file,
    hint: `name that bundle as well; the digest of its index begins with ${index.slice(0, 12)}`,
  });
}

function noChain(
  fronts: readonly BundleFile[],
  newest: BundleFile | undefined,
  other: BundleFile | undefined,
): NuaError {
  const names = fronts.map(({ file }) => `"${file}"`).join(", ");
  const problem =
    newest === undefined || other === undefined
      ? "each is the difference to another one of them"
      : `"${newest.file}" and "${other.file}" do not belong together`;
  return new NuaError("input", `Read bundles ${names}: ${problem}`, {
    hint: "give one bundle, and the difference bundles that were made on top of it one by one",
  });
}

function notABundle({ file }: BundleFile): NuaError {
  return new NuaError("input", `${attemptOn(file)}: it is a request for what a build has missed`, {
    file,
    hint: `where there is a network: nua-build bundle --missing ${basename(file)}`,
  });
}
