/**
 * Makes a bundle: builds apps with recording, writes the bundle, and builds from it to verify it.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { BlobFile } from "./airgap/bundle/blob-file.ts";
import { olderBundle, openBundle } from "./airgap/bundle/open-bundle.ts";
import { packImages } from "./airgap/bundle/pack-images.ts";
import { type OlderBundle, type WrittenBundle, writeBundle } from "./airgap/bundle/write-bundle.ts";
import { findImages } from "./airgap/record/find-images.ts";
import { RecordInput } from "./airgap/record/record-input.ts";
import { packRecorded, type RecordedApp } from "./airgap/record/recorded-app.ts";
import { openReplay } from "./airgap/replay/open-replay.ts";
import { runPipeline } from "./build.ts";
import type { PlannedApp } from "./context/context-trees.ts";
import type { Goal } from "./goal.ts";
import { showProgress } from "./images/transfer/show-progress.ts";
import { tryImage } from "./keep-image.ts";
import { ANEW } from "./options.ts";
import { type Session, withInput } from "./session/session.ts";
import { createTempFolder } from "./session/temp-folder.ts";
import { openAppStep } from "./steps/open-app.ts";
import { recordInputsStep } from "./steps/record-inputs.ts";

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
  /** See {@link writeBundle}; what was read is gone by then. */
  approve?: ((file: string) => Promise<void>) | undefined;
}

/**
 * Builds each app once; the engine holds no image of them afterwards.
 * @throws NuaError with the code of what went wrong; no file is left then
 */
export async function makeBundle(options: BundleOptions, session: Session): Promise<WrittenBundle> {
  const { paths, since, strict, target } = options;
  const { signal } = session;
  const older = since.length > 0 ? olderBundle(await openBundle(since, { signal })) : options.older;
  await using folder = await createTempFolder(session.settings.buildDir);
  const recorded: RecordedApp[] = [];
  for (const [index, path] of paths.entries()) {
    const own = join(folder.path, `app${index}`);
    recorded.push(await recordApp({ path, strict, folder: own }, session));
  }
  const tags = [...new Set(recorded.flatMap(({ images }) => [...images]))].sort();
  const imagesFolder = join(folder.path, "images");
  await mkdir(imagesFolder);
  const packed = await packImages(tags, session, imagesFolder, older?.blobs);
  const blobs = new Map<string, BlobFile>([
    ...recorded.flatMap((one) => [...one.blobs]),
    ...(options.withImages ? packed.blobs : []),
  ]);
  session.report.step(`Write ${target}`);
  return await writeBundle({
    ...{ target, blobs, signal, since: older },
    subject: {
      apps: recorded.map(({ app }) => app),
      images: packed.images,
      exchanges: recorded.flatMap(({ exchanges }) => exchanges),
      linuxBase: session.settings.linuxBase,
      app: session.settings.app,
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

/**
 * Builds what bundles hold, without a network.
 * @param files an older bundle, and those on top of it
 * @throws MissingInputsError, and whatever a build throws
 */
export async function tryBundle(files: readonly string[], session: Session): Promise<void> {
  await using replay = await openReplay(files, session, { isVerification: true });
  const goal: Goal<void> = {
    announce: (tag) => `Build ${tag} once more, without a network`,
    ...tryImage(async () => {}),
  };
  for (const { path } of replay.apps) {
    await runPipeline({ ...ANEW, path }, goal, replay.session);
  }
}

// --- internal ---

async function recordApp(
  { path, strict, folder }: { path: string; strict: boolean; folder: string },
  session: Session,
): Promise<RecordedApp> {
  await mkdir(folder);
  const input = new RecordInput(folder);
  const goal: Goal<PlannedApp> = {
    announce: (tag) => `Build ${tag} to see what that reads`,
    async make({ loaded, plan, context }, work) {
      input.addImages(await findImages({ loaded, plan }, work.session));
      const read = await work.run(recordInputsStep, { loaded, plan, context });
      await input.add(read);
      return { loaded, plan };
    },
  };
  const own = withInput(session, input);
  // What was fetched is packed afterwards.
  await using app = await openAppStep.run({ path }, own);
  const built = await runPipeline({ ...ANEW, path: app.path, strict }, goal, own);
  return await packRecorded(built, input, folder, session);
}
