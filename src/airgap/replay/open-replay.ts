/** Opens bundles as a session whose builds read from them alone. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { newContextName } from "../../engine/context-name.ts";
import { unpackLimits } from "../../images/archive/unpack-limits.ts";
import { showProgress } from "../../images/transfer/show-progress.ts";
import { BLOBS_FOLDER, EXCHANGES_FILE, type ExchangeList } from "../../protocol/exchanges.ts";
import { type Session, withInput } from "../../session/session.ts";
import { createTempFolder } from "../../session/temp-folder.ts";
import { chooseNeeded, findMissingImages, loadImages } from "../bundle/load-images.ts";
import { MissingInputsError } from "../bundle/missing-error.ts";
import { type OpenedBundle, olderBundle, openBundle } from "../bundle/open-bundle.ts";
import { type UnpackedApp, unpackApps } from "../bundle/unpack-apps.ts";
import type { BundledInputs } from "./bundled-inputs.ts";
import { reportMissing } from "./missing-inputs.ts";
import { ReplayInput } from "./replay-input.ts";

/** What bundles are as long as they are open; their contents are gone with it. */
export interface ReplaySession extends AsyncDisposable {
  session: Session;
  /** Those that came with them. */
  apps: { path: string; name: string }[];
}

/**
 * Verifies them whole before the engine sees anything of them.
 * @param files an older bundle, and difference bundles on top of it
 * @param options.isVerification see {@link BundledInputs}
 * @throws NuaError (archive) when one is damaged, (input) when one is not given
 * @throws MissingInputsError when they lack what they say to hold
 */
export async function openReplay(
  files: readonly string[],
  session: Session,
  { isVerification = false } = {},
): Promise<ReplaySession> {
  const temp = await createTempFolder(session.settings.buildDir);
  try {
    // A builder is sent it as well.
    const folder = join(temp.path, newContextName());
    await mkdir(folder);
    session.report.step(isVerification ? "Verify what was written" : `Verify ${files.join(", ")}`);
    const opened = await openBundle(files, {
      folder,
      choose: chooseNeeded(session),
      signal: session.signal,
      onProgress: showProgress(session),
    }).finally(() => session.report.progress(""));
    const options = { limits: unpackLimits(session.settings), signal: session.signal };
    const apps = await unpackApps(listTars(opened), join(temp.path, "apps"), options);
    const inputs = { ...(await writeInputs(opened, folder)), isVerification };
    const { linuxBase, app } = opened.index;
    const settings = { ...session.settings, linuxBase, app: session.settings.app || app };
    const replay = withInput(session, new ReplayInput(inputs), { settings });
    await refuseAbsent(opened, { apps, inputs }, replay);
    const names = await loadImages(opened, session);
    const engine = (await session.engine({ toBuild: true })).withNames(names);
    return {
      session: withInput(replay, replay.input, { engine: async () => engine }),
      apps: apps.map(({ path, name }) => ({ path, name })),
      [Symbol.asyncDispose]: () => temp[Symbol.asyncDispose](),
    };
  } catch (error) {
    await temp[Symbol.asyncDispose]();
    throw error;
  }
}

// --- internal ---

const AGAIN_HINT = "make the bundle again where there is a network";

/** Of the apps whose folders are at hand; what is absent is told with all else that is. */
function listTars({ index, blobFile }: OpenedBundle) {
  return index.apps.flatMap((app) => {
    const tar = blobFile(app.source);
    return tar === undefined ? [] : [{ ...app, tar }];
  });
}

async function writeInputs(
  opened: OpenedBundle,
  folder: string,
): Promise<Omit<BundledInputs, "isVerification">> {
  await mkdir(join(folder, BLOBS_FOLDER), { recursive: true });
  const list: ExchangeList = { version: 1, exchanges: opened.index.exchanges };
  await writeFile(join(folder, EXCHANGES_FILE), JSON.stringify(list));
  const { index, name, blobs } = olderBundle(opened);
  return { folder, bundle: { index, name }, held: [...blobs] };
}

async function refuseAbsent(
  { index, absent }: OpenedBundle,
  { apps, inputs }: { apps: readonly UnpackedApp[]; inputs: BundledInputs },
  session: Session,
): Promise<void> {
  const lacking = (await findMissingImages(index.images, session)).map(({ tag }) => tag);
  const missing = absent.filter(({ item }) => item.kind !== "image" || lacking.includes(item.name));
  const [app] = apps;
  if (missing.length === 0) return;
  // Without the app's folder nobody could be asked for the rest.
  if (app === undefined) throw new MissingInputsError("Build from the bundle", missing, AGAIN_HINT);
  // What is in a bundle was taken by the rules; nothing is planned of it yet.
  const taken = { named: [], needed: app.config === null ? [] : [app.config] };
  throw await reportMissing({ app: { ...app, taken }, missing, exchanges: [] }, inputs, session);
}
