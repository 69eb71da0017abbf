/** Turns requests of missing inputs into apps to record. */
import { join } from "node:path";
import { unpackLimits } from "../../images/archive/unpack-limits.ts";
import { NuaError } from "../../lib/errors.ts";
import type { Session } from "../../session/session.ts";
import { createTempFolder } from "../../session/temp-folder.ts";
import { openRequest } from "../bundle/open-request.ts";
import { unpackApps } from "../bundle/unpack-apps.ts";
import type { OlderBundle } from "../bundle/write-bundle.ts";

export interface RequestedApps extends AsyncDisposable {
  /** What leads builds to the apps, which are gone with it. */
  paths: string[];
  /** What the far side has. */
  older: OlderBundle | undefined;
}

/**
 * @param files of several apps that were built from the same bundle
 * @throws NuaError (archive) when one is damaged, (input) when it is another kind of file, or
 *   they are about different bundles
 */
export async function openRequestedApps(
  files: readonly string[],
  session: Session,
): Promise<RequestedApps> {
  const temp = await createTempFolder(session.settings.buildDir);
  try {
    const { signal } = session;
    const limits = unpackLimits(session.settings);
    const paths: string[] = [];
    const older: (OlderBundle | null)[] = [];
    for (const [index, file] of files.entries()) {
      const at = (name: string) => join(temp.path, String(index), name);
      const request = await openRequest(file, at("tars"), { signal });
      const apps = await unpackApps(request.apps, at("apps"), { limits, signal });
      paths.push(...apps.map(({ path }) => path));
      older.push(request.since);
    }
    return {
      paths,
      older: mergeOlder(files, older),
      [Symbol.asyncDispose]: () => temp[Symbol.asyncDispose](),
    };
  } catch (error) {
    await temp[Symbol.asyncDispose]();
    throw error;
  }
}

// --- internal ---

/** What all of them have. */
function mergeOlder(
  files: readonly string[],
  [first = null, ...others]: readonly (OlderBundle | null)[],
): OlderBundle | undefined {
  const at = others.findIndex((other) => other?.index !== first?.index);
  if (at >= 0) {
    const names = `"${files[0]}" and "${files[at + 1]}"`;
    throw new NuaError("input", `Read requests ${names}: they are about different bundles`, {
      hint: "make a bundle for each of them: one call per request",
    });
  }
  if (first === null) return undefined;
  const held = others.reduce(
    (set, other) => set.intersection(other?.blobs ?? new Set()),
    new Set(first.blobs),
  );
  return { ...first, blobs: held };
}
