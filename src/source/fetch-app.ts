/** Fetches an app that is given by an address, or as an archive, into a folder for this run. */
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { unpackLimits } from "../images/archive/unpack-limits.ts";
import { NuaError } from "../lib/errors.ts";
import { publicUrl } from "../lib/secrets.ts";
import { type Session, withCredentials } from "../session/session.ts";
import { createTempFolder } from "../session/temp-folder.ts";
import { type AppAddress, COMMAND_LINE, withoutVersion } from "./app-address.ts";
import { resolveInApp } from "./app-file.ts";
import { fetchSource } from "./fetch-source.ts";
import type { RunElsewhere } from "./git/script-run.ts";
import { type FetchedSource, inputName } from "./named-source.ts";
import { packOneFile } from "./one-file.ts";
import { unpackArchive } from "./unpack-archive.ts";

export interface FetchedApp extends AsyncDisposable {
  /** Its folder, which is gone with it. */
  path: string;
  /** What tells it from others, wherever that folder is. */
  place: string;
}

/**
 * @param runElsewhere for git where this machine has none
 * @throws NuaError (input, transient) when it cannot be had, or is no source of an app
 */
export async function fetchApp(
  { source, folder, credentials }: AppAddress,
  runElsewhere: RunElsewhere,
  session: Session,
): Promise<FetchedApp> {
  await using made = new AsyncDisposableStack();
  const temp = made.use(await createTempFolder(session.settings.buildDir));
  const file = join(temp.path, "source");
  const request = { source, root: placeOf(source, temp.path), target: file, work: temp.path };
  const own = withCredentials(session, credentials);
  const { sha256, detail } = await fetchSource({ ...request, runElsewhere }, own);
  session.report.step(detail === undefined ? `SHA-256 ${sha256}` : `Commit ${detail}`);
  const unpacked = join(temp.path, "unpacked");
  const { signal } = session;
  const attempt = `Unpack "${publicUrl(source.url)}"`;
  const limits = unpackLimits(session.settings);
  const archive = { file, attempt, key: COMMAND_LINE, limits, signal };
  if (source.kind === "archive") await packOneFile(archive, source.url);
  const top = await unpackArchive(archive, unpacked);
  await rm(file);
  const root = join(temp.path, "app", appName(source, top));
  await mkdir(dirname(root));
  await rename(join(unpacked, top), root);
  const path = folder === "" ? root : await folderIn(root, folder, attempt);
  const kept = made.move();
  return {
    path,
    place: folder === "" ? inputName(source) : `${inputName(source)}#${folder}`,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

// --- internal ---

/** The folder that a source of this machine lies in: it is the user who names it. */
function placeOf({ kind, url }: FetchedSource, fallback: string): string {
  if (url.startsWith("file://") && URL.canParse(url)) {
    return kind === "git" ? fileURLToPath(url) : dirname(fileURLToPath(url));
  }
  return url.startsWith("/") ? dirname(url) : fallback;
}

/** The folder that it came in tells more than the name of an archive, but where a packer chose it. */
function appName({ kind, dir }: FetchedSource, top: string): string {
  const isTelling = kind === "archive" && top !== "" && top !== PACKED;
  const name = isTelling ? withoutVersion(top) : dir;
  return OWN_NAMES.has(name) ? `${name}-app` : name;
}

/** What a package manager calls each one that it packs. */
const PACKED = "package";

/** These are folders of an app: see discoverConfig. */
const OWN_NAMES: ReadonlySet<string> = new Set(["nua", "metadata"]);

async function folderIn(root: string, folder: string, attempt: string): Promise<string> {
  const place = resolveInApp(root, folder);
  if (place !== undefined && (await stat(place)).isDirectory()) return place;
  throw new NuaError("input", `${attempt}: there is no folder "${folder}" in it`, {
    hint: "correct what stands behind the #",
  });
}
