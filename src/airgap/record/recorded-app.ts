/** The part of a bundle that a recorded build gives. */
import { textWithoutCredentials } from "../../config/credentials.ts";
import { bundlePaths, type PlannedApp } from "../../context/context-trees.ts";
import { reportNotes } from "../../context/report-notes.ts";
import type { BuildPlan } from "../../plan/build-plan.ts";
import type { Session } from "../../session/session.ts";
import { createTakeRules } from "../../source/take-rules.ts";
import type { BundleApp } from "../bundle/bundle-index.ts";
import { packApp } from "../bundle/pack-app.ts";
import type { Recorded } from "./record-input.ts";

/** An app, with all that its builds have read. */
export interface RecordedApp extends Recorded {
  app: BundleApp;
}

/**
 * @param built all that lie in its folder, which were built; the main app is the last one
 * @param folder for the folder as a file; it has to stay as long as the blobs are wanted
 * @throws NuaError (archive, input) where the folder cannot be packed
 */
export async function packRecorded(
  built: readonly PlannedApp[],
  recorded: Recorded,
  folder: string,
  session: Session,
): Promise<RecordedApp> {
  const { loaded, plan } = built.at(-1)!;
  const { root, file, text } = loaded;
  const hidden = built.flatMap((app) => app.loaded.credentials);
  const isOpen = file === null || hidden.length === 0;
  const configText = isOpen ? undefined : textWithoutCredentials({ file, text }, hidden);
  const rules = createTakeRules(root, bundlePaths(built));
  const request = { root, file, configText, tag: plan.tag, rules, folder };
  const packed = await packApp({ ...request, signal: session.signal });
  // Where a build takes the whole folder, it has told them already.
  const isTold = built.some((app) => app.plan.manifest === null && isLocal(app.plan));
  if (!isTold) reportNotes(packed.notes, session.report);
  const { exchanges, images } = recorded;
  const blobs = new Map([...recorded.blobs, [packed.app.source, packed.blob]]);
  return { app: packed.app, exchanges, images, blobs };
}

// --- internal ---

function isLocal({ source }: BuildPlan): boolean {
  return source?.kind === "local";
}
