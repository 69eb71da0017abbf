/** Apps -> one file with all that building them reads. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { LoadedConfig } from "../../config/loaded-config.ts";
import { showProgress } from "../../images/transfer/show-progress.ts";
import type { Session } from "../../session/session.ts";
import { createTempFolder } from "../../session/temp-folder.ts";
import { loadConfigStep } from "../../steps/load-config.ts";
import { createStepRunner } from "../../steps/step.ts";
import type { BlobFile } from "../bundle/blob-file.ts";
import { olderBundle, openBundle } from "../bundle/open-bundle.ts";
import { packImages } from "../bundle/pack-images.ts";
import { type OlderBundle, type WrittenBundle, writeBundle } from "../bundle/write-bundle.ts";
import { type CapturedApp, captureApp } from "./capture-app.ts";

export interface BundleOptions {
  /** The apps' folders, or their config files. */
  paths: readonly string[];
  /** Whether unknown keys of configurations are errors. */
  strict: boolean;
  /** The file to write. */
  target: string;
  /** A bundle that the far side has, with those below it; empty: none. */
  since: readonly string[];
  /** What the far side has, when that is not known from a file. */
  older?: OlderBundle | undefined;
  /** Whether the base images go with it. */
  withImages: boolean;
  /** Whether this program goes with it. */
  withBinary: boolean;
  /** See {@link writeBundle}; what was captured is gone by then. */
  approve?: ((file: string) => Promise<void>) | undefined;
}

/**
 * Builds each app once; the engine holds no image of them afterwards.
 * @throws NuaError with the code of what went wrong; no file is left then
 */
export async function makeBundle(options: BundleOptions, session: Session): Promise<WrittenBundle> {
  const { paths, since, target, signal } = { ...options, signal: session.signal };
  const older = since.length > 0 ? olderBundle(await openBundle(since, { signal })) : options.older;
  await using folder = await createTempFolder(session.settings.buildDir);
  const captured: CapturedApp[] = [];
  for (const [index, path] of paths.entries()) {
    const run = createStepRunner(session);
    const loaded: LoadedConfig = await run(loadConfigStep, { path, strict: options.strict });
    captured.push(await captureApp(loaded, join(folder.path, `app${index}`), session));
  }
  const tags = [...new Set(captured.flatMap(({ images }) => [...images]))].sort();
  const packed = await packImages(
    tags,
    session,
    await makeFolder(folder.path, "images"),
    older?.blobs,
  );
  const blobs = new Map<string, BlobFile>([
    ...captured.flatMap((one) => [...one.blobs]),
    ...(options.withImages ? packed.blobs : []),
  ]);
  session.report.step(`Write ${target}`);
  return await writeBundle({
    ...{ target, blobs, signal, since: older },
    subject: {
      apps: captured.map(({ app }) => app),
      images: packed.images,
      exchanges: captured.flatMap(({ exchanges }) => exchanges),
      linuxBase: session.settings.linuxBase,
    },
    binary: options.withBinary ? process.execPath : undefined,
    onProgress: showProgress(session),
    async approve(file) {
      session.report.progress("");
      // Else the disk has to hold it all twice.
      await folder[Symbol.asyncDispose]();
      await options.approve?.(file);
    },
  }).finally(() => session.report.progress(""));
}

// --- internal ---

async function makeFolder(parent: string, name: string): Promise<string> {
  const folder = join(parent, name);
  await mkdir(folder);
  return folder;
}
