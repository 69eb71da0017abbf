/** Has the app's folder at hand, also where an archive or an address is given in its place. */
import { statSync } from "node:fs";
import { resolve } from "node:path";
import type { AppAddress } from "../source/app-address.ts";
import { archiveName, COMMAND_LINE, parseAppAddress } from "../source/app-address.ts";
import { gitElsewhere } from "./git-elsewhere.ts";
import type { Step } from "./step.ts";

/** An app's folder, or its configuration. */
export interface OpenedApp extends AsyncDisposable {
  path: string;
  /** What tells it from others; null where the folder itself does. */
  place: string | null;
}

/** @throws NuaError (input, transient) when it cannot be had, or is no source of an app */
export const openAppStep: Step<{ path: string }, OpenedApp> = {
  name: "open-app",
  async run({ path }, session) {
    const address = findAddress(path);
    if (address === undefined) return { path, place: null, [Symbol.asyncDispose]: async () => {} };
    // What fetches is only loaded where something is fetched: `check` is to be instant.
    const { fetchApp } = await import("../source/fetch-app.ts");
    return fetchApp(address, gitElsewhere(session), session);
  },
};

/** The address that a word on the command line is, or an archive's; undefined for other paths. */
export function findAddress(word: string): AppAddress | undefined {
  const info = statSync(word, { throwIfNoEntry: false });
  if (info === undefined) return parseAppAddress(word);
  if (!info.isFile() || /\.(?:toml|json|ya?ml)$/.test(word)) return undefined;
  const source = { kind: "archive", url: resolve(word), sha256: null, key: COMMAND_LINE } as const;
  return { source: { ...source, dir: archiveName(word) }, folder: "", credentials: [] };
}
