/**
 * Which versions of a runtime there are: from its registry, kept for a day; where nothing may be
 * fetched, from what is kept or from the base images that the engine has.
 */
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Runtime, VersionList } from "../languages/runtime.ts";
import { sha256Hex } from "../lib/digest.ts";
import { NuaError } from "../lib/errors.ts";
import { publicUrl } from "../lib/secrets.ts";
import { withSlash } from "../lib/urls.ts";
import type { Session } from "../session/session.ts";
import { cacheFolder, writeStateFile } from "../session/state-folder.ts";
import { createTempFolder } from "../session/temp-folder.ts";
import { baseTag, readBaseTag } from "./base-images.ts";
import type { HeldVersion } from "./choose-version.ts";

/**
 * @param refresh whether what is kept does not count
 * @returns undefined where there is no list, or it cannot be had
 * @throws MissingExchangesError where a bundle lacks it
 */
export async function readVersionList(
  runtime: Runtime,
  session: Session,
  { refresh = false } = {},
): Promise<string[] | undefined> {
  const list = runtime.rules?.list;
  if (list === undefined) return undefined;
  const server = withSlash(session.settings[list.setting] || list.address);
  const address = server + list.path;
  // What is not read again is in no recording, and a bundle has its own.
  const kept = session.input.isRepeated ? keptFile(runtime, address) : undefined;
  const fresh = kept === undefined || refresh ? undefined : await readKept(kept, DAY);
  if (fresh !== undefined) return fresh;
  try {
    const wanted = { list, server, wantedBy: runtime.language };
    const text = await fetchText({ ...wanted, path: list.path }, session);
    const further: string[] = [];
    for (const path of list.further?.(text) ?? []) {
      further.push(await fetchText({ ...wanted, path }, session));
    }
    const versions = list.parse(text, further);
    if (versions === undefined) throw notAList(address);
    if (kept !== undefined) await writeStateFile(kept, JSON.stringify(versions)).catch(() => {});
    return versions;
  } catch (error) {
    session.signal.throwIfAborted();
    if (!(error instanceof NuaError) || error.name !== "NuaError") throw error;
    const old = kept === undefined ? undefined : await readKept(kept, Infinity);
    const instead = old === undefined ? "" : "; an older list is taken";
    session.report.detail(`Versions of ${runtime.language}: ${error.message}${instead}`);
    return old;
  }
}

/** The same without looking: only what is kept, however old it is. */
export async function keptVersionList(
  runtime: Runtime,
  { settings }: Pick<Session, "settings">,
): Promise<string[] | undefined> {
  const list = runtime.rules?.list;
  if (list === undefined) return undefined;
  const address = withSlash(settings[list.setting] || list.address) + list.path;
  return readKept(keptFile(runtime, address), Infinity);
}

/** The versions that the engine has base images of. */
export async function heldVersions(
  { language, base }: Runtime,
  linux: string | null,
  session: Session,
): Promise<HeldVersion[]> {
  const engine = await session.engine();
  const start = `nua-${language}`;
  const linuxes = linux === null ? [] : [linux];
  const named = (await engine.listTags()).flatMap((tag) => readBaseTag(tag, linuxes) ?? []);
  const names = named.filter((one) => one.linux === linux).map(({ name }) => name);
  const versions = names.flatMap((name) => {
    const rest = name.startsWith(start) ? name.slice(start.length) : "";
    return /^\d+(\.\d+)*$/.test(rest) ? [{ name, version: rest }] : [];
  });
  return Promise.all(
    versions.map(async ({ name, version }) => {
      const file = base?.versionFile;
      const text = file && (await engine.readFile(baseTag(name, linux), file));
      const [exact = version] = /\d+(?:\.\d+)+/.exec(text ?? "") ?? [];
      return { version, exact };
    }),
  );
}

// --- internal ---

const DAY = 24 * 60 * 60 * 1000;

/** Bytes that a list may have. */
const MOST_BYTES = 32 * 1024 * 1024;

/** Milliseconds that fetching one may take. */
const PATIENCE = 60_000;

function keptFile({ language }: Runtime, address: string): string {
  return join(cacheFolder(), "versions", `${language}-${sha256Hex(address).slice(0, 16)}.json`);
}

async function readKept(file: string, age: number): Promise<string[] | undefined> {
  try {
    const { mtimeMs } = await stat(file);
    // One from the future tells that the clock was wrong.
    const passed = Date.now() - mtimeMs;
    if (passed > age || passed < -DAY) return undefined;
    const parsed: unknown = JSON.parse(await readFile(file, "utf8"));
    const isList = Array.isArray(parsed) && parsed.every((one) => VERSION.test(String(one)));
    return isList ? parsed.map(String) : undefined;
  } catch {
    return undefined;
  }
}

/** Of what becomes a part of tags and commands. */
const VERSION = /^\d[\w.+-]{0,63}$/;

interface Wanted {
  list: VersionList;
  server: string;
  /** Below the server's address. */
  path: string;
  wantedBy: string;
}

async function fetchText(
  { list, server, path, wantedBy }: Wanted,
  session: Session,
): Promise<string> {
  await using folder = await createTempFolder(session.settings.buildDir);
  const target = join(folder.path, "list");
  // By its public name: whoever replays it may have another mirror, or none.
  const url = publicUrl(withSlash(list.address) + path);
  const { ca, ...proxies } = await session.networkSettings();
  const { fetchArchive } = await import("../source/fetch-archive.ts");
  await session.input.fetch({ url, isHere: false, target, wantedBy }, (held) =>
    fetchArchive({
      ...{ url: held ?? server + path, sha256: null, target, root: folder.path, limit: MOST_BYTES },
      ...{ timeout: PATIENCE, ca, proxies, signal: session.signal, key: wantedBy },
    }),
  );
  // Read before the folder goes.
  return await readFile(target, "utf8");
}

function notAList(address: string): NuaError {
  return new NuaError("input", `Read "${publicUrl(address)}": it lists no versions`, {
    hint: "correct the setting of the registry",
  });
}
