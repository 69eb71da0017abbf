/** Gets a source archive: from the network, the disk, or a bundle. */
import { join } from "node:path";
import { formatBytes } from "../lib/format.ts";
import { parseRewrites, rewriteUrl } from "../lib/rewrites.ts";
import { publicUrl } from "../lib/secrets.ts";
import type { FetchedFile } from "../session/input-source.ts";
import type { Session } from "../session/session.ts";
import { numberSetting } from "../session/settings.ts";
import { fetchArchive } from "./fetch-archive.ts";
import { keepArchive, takeKept } from "./fetched-archives.ts";
import { packRepository } from "./git/pack-repository.ts";
import type { RunElsewhere } from "./git/script-run.ts";
import { isLocalSource, localSourcePath, watchLocalSource } from "./local-source.ts";
import { type FetchedSource, inputName, isLocalRepository } from "./named-source.ts";

export interface FetchSource {
  source: FetchedSource;
  /** The app's folder. */
  root: string;
  /** The file to make. */
  target: string;
  /** An empty folder to work in. */
  work: string;
  runElsewhere: RunElsewhere;
}

/** @throws NuaError (input, transient) when the source cannot be had, or is another one */
export async function fetchSource(request: FetchSource, session: Session): Promise<FetchedFile> {
  const { source, target } = request;
  const wanted = {
    ...{ url: inputName(source), target, wantedBy: source.key },
    isHere: source.kind === "git" ? isLocalRepository(source.url) : isLocalSource(source.url),
  };
  const fetched = await session.input.fetch(wanted, (held) => {
    if (held !== undefined) session.report.step(`Take from the bundle: ${wanted.url}`);
    if (held !== undefined || source.kind === "archive") return download(request, held, session);
    return clone({ ...request, source }, session);
  });
  session.report.detail(`Fetched ${formatBytes(fetched.bytes)}, SHA-256 ${fetched.sha256}`);
  return fetched;
}

// --- internal ---

async function download(
  { source, root, target }: FetchSource,
  held: string | undefined,
  session: Session,
): Promise<FetchedFile> {
  const { url, key } = source;
  const sha256 = source.kind === "archive" ? source.sha256 : null;
  // One of this machine is as quickly read where it is.
  const isKept = held === undefined && sha256 !== null && !isLocalSource(url);
  const limit = numberSetting(session.settings, "sourceLimit") * 1e6;
  const kept = isKept ? await takeKept(sha256, { target, limit }) : undefined;
  if (kept !== undefined) return kept;
  if (held === undefined) {
    if (isLocalSource(url)) watchLocalSource({ url, key, root }, session);
    session.report.step(`Fetch ${publicUrl(url)}`);
  }
  const { ca, rewrites = "", ...proxies } = await session.networkSettings();
  let told = 0;
  const fetched = await fetchArchive({
    ...{ key, sha256, target, root, ca, proxies, signal: session.signal },
    url: held ?? rewriteUrl(url, parseRewrites(rewrites)),
    limit,
    timeout: numberSetting(session.settings, "sourceTimeout") * 1000,
    onRetry: (reason) => session.report.warn(`${reason}; trying again`),
    onProgress: (bytes, total) => {
      if (bytes - told < PROGRESS_STEP) return;
      told = bytes;
      session.report.detail(progress(bytes, total));
    },
  });
  if (isKept) await keepArchive(target, fetched);
  return fetched;
}

/** Bytes between two lines about the progress. */
const PROGRESS_STEP = 10e6;

function progress(bytes: number, total: number | undefined): string {
  return total === undefined
    ? formatBytes(bytes)
    : `${formatBytes(bytes)} of ${formatBytes(total)}`;
}

async function clone(
  {
    source,
    root,
    target,
    work,
    runElsewhere,
  }: FetchSource & { source: { kind: "git" } & FetchedSource },
  session: Session,
): Promise<FetchedFile> {
  const { url, key, revision, dir: name } = source;
  const isLocal = isLocalRepository(url);
  if (isLocal) watchLocalSource({ url, key, root }, session);
  session.report.step(`Clone ${publicUrl(url)}, ${revision}`);
  const address = isLocal && !url.startsWith("file://") ? localSourcePath({ url, root }) : url;
  const packed = await packRepository(
    { address, revision, key, name, folder: join(work, "git"), target },
    runElsewhere,
    session,
  );
  session.report.detail(`${packed.commit} ${packed.subject}`);
  for (const place of packed.local) {
    if (place !== address) watchLocalSource({ url: place, key, root }, session);
  }
  return { bytes: packed.bytes, sha256: packed.sha256, detail: packed.commit };
}
