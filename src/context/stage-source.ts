/** Puts the app's source into the context where it does not come with the app's folder. */
import { lstat, rename } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { LoadedConfig } from "../config/load-config.ts";
import {
  ARCHIVE_EXPANSION,
  decompress,
  detectCompression,
  MAGIC_BYTES,
} from "../images/archive/compression.ts";
import { createBuffers } from "../images/archive/file-destination.ts";
import { OutputFile } from "../images/archive/output-file.ts";
import { unpackLimits } from "../images/archive/unpack-limits.ts";
import { NuaError } from "../lib/errors.ts";
import { formatBytes } from "../lib/format.ts";
import { fileChunks } from "../lib/input-file.ts";
import { parseRewrites, rewriteUrl } from "../lib/rewrites.ts";
import { publicUrl } from "../lib/secrets.ts";
import type { BuildPlan } from "../plan/build-plan.ts";
import { GIT_SOURCE, SOURCE_ARCHIVE, type SourcePlan } from "../protocol/agent-input.ts";
import type { Session } from "../session/session.ts";
import { numberSetting } from "../session/settings.ts";
import { archiveTree } from "../source/archive-tree.ts";
import { fetchArchive } from "../source/fetch-archive.ts";
import { isLocalSource, localSourcePath, watchLocalSource } from "../source/local-source.ts";
import type { ContextWriter } from "./context-writer.ts";
import { stageTree } from "./stage-tree.ts";

export interface StageSource {
  loaded: LoadedConfig;
  plan: BuildPlan;
  /** Of the build context. */
  writer: ContextWriter;
}

/**
 * @throws NuaError (input, transient) when the source cannot be had, or is another one
 */
export async function stageSource(
  { loaded, plan, writer }: StageSource,
  session: Session,
): Promise<void> {
  const source = plan.agent?.source;
  if (source?.kind === "archive") await stageArchive(source, { loaded, plan, writer }, session);
  if (source?.kind === "git") await stageRepository(source, { root: loaded.root, writer }, session);
}

// --- internal ---

const LOCAL_HINT = "bring it here, and name the file or the folder in its place";

type Folders = { root: string; writer: ContextWriter };

async function stageArchive(
  { url, sha256 }: Extract<SourcePlan, { kind: "archive" }>,
  { loaded, writer }: StageSource,
  session: Session,
): Promise<void> {
  const target = join(writer.folder, SOURCE_ARCHIVE);
  const wanted = { url: publicUrl(url), target, wantedBy: "build.src-url" };
  const fetched = await session.input.fetch(wanted, async (held) => {
    if (held === undefined && isLocalSource(url)) {
      watchLocalSource({ url, key: "build.src-url", root: loaded.root }, session);
    }
    const isHeld = held !== undefined;
    session.report.step(`${isHeld ? "Take from the bundle:" : "Fetch"} ${wanted.url}`);
    const { ca, rewrites = "", ...proxies } = await session.networkSettings();
    let told = 0;
    return fetchArchive({
      ...{ sha256, target, root: loaded.root, ca, proxies, signal: session.signal },
      url: held ?? rewriteUrl(url, parseRewrites(rewrites)),
      limit: numberSetting(session.settings, "sourceLimit") * 1e6,
      timeout: numberSetting(session.settings, "sourceTimeout") * 1000,
      onRetry: (reason) => session.report.warn(`${reason}; trying again`),
      onProgress: (bytes, total) => {
        if (bytes - told < PROGRESS_STEP) return;
        told = bytes;
        session.report.detail(progress(bytes, total));
      },
    });
  });
  session.report.detail(`Fetched ${formatBytes(fetched.bytes)}, SHA-256 ${fetched.sha256}`);
  const attempt = `Unpack source "${publicUrl(url)}"`;
  const limits = unpackLimits(session.settings);
  await archiveTree({ file: target, attempt, limits, signal: session.signal });
  await expandZstd(target, attempt);
}

/** Bytes between two lines about the progress. */
const PROGRESS_STEP = 10e6;

function progress(bytes: number, total: number | undefined): string {
  return total === undefined
    ? formatBytes(bytes)
    : `${formatBytes(bytes)} of ${formatBytes(total)}`;
}

/** The image's Python reads every other compression. */
async function expandZstd(file: string, attempt: string): Promise<void> {
  const head = new Uint8Array(await Bun.file(file).slice(0, MAGIC_BYTES).arrayBuffer());
  if (detectCompression(head) !== "zstd") return;
  // Beside the context, whose every name an app may have brought.
  const expanded = join(dirname(dirname(file)), `${basename(file)}.tar`);
  const output = await OutputFile.create(expanded, { attempt, buffers: createBuffers() });
  try {
    for await (const chunk of decompress(
      fileChunks(file),
      "zstd",
      { attempt },
      ARCHIVE_EXPANSION,
    )) {
      await output.write(chunk);
    }
    await output.close({ sync: false });
  } catch (cause) {
    // Of the disk as it is; of the source, what is wrong is wrong with an input.
    if (!(cause instanceof NuaError) || cause.file !== undefined) throw cause;
    throw new NuaError("input", cause.message, { step: "build.src-url", cause });
  } finally {
    await output.abandon();
  }
  await rename(expanded, file);
}

/** A repository on this machine is not within the container's reach: it travels in the context. */
async function stageRepository(
  { url }: Extract<SourcePlan, { kind: "git" }>,
  { root, writer }: Folders,
  session: Session,
): Promise<void> {
  if (!isLocalRepository(url)) {
    const attempt = `Clone "${publicUrl(url)}"`;
    return session.input.ensureOnline({ kind: "repository", attempt, hint: LOCAL_HINT });
  }
  watchLocalSource({ url, key: "build.git-url", root }, session);
  const from = localSourcePath({ url, root });
  const git = join(from, ".git");
  // A link would lead to a repository of somebody else's.
  const hasWorkTree = await lstat(git).then(
    (info) => info.isDirectory(),
    () => false,
  );
  await stageTree({
    writer,
    from: hasWorkTree ? git : from,
    to: GIT_SOURCE,
    accept: () => true,
    signal: session.signal,
  });
}

/** Neither an address nor the `host:path` of ssh. */
function isLocalRepository(url: string): boolean {
  return url.startsWith("file://") || /^\.{0,2}\//.test(url);
}
