/** `bundle inspect`, `bundle verify`. */
import {
  type BundleView,
  describeBundle,
  formatSummary,
} from "../airgap/bundle/describe-bundle.ts";
import { MissingInputsError } from "../airgap/bundle/missing-error.ts";
import { openBundle, verifyBundle } from "../airgap/bundle/open-bundle.ts";
import { showProgress } from "../images/transfer/show-progress.ts";
import { NuaError } from "../lib/errors.ts";
import type { Session } from "../session/session.ts";
import { COMMON_ARGS, type CommandData, defineCommand } from "./command.ts";
import { MAKE_BUNDLE_ARGS, runMakeBundle } from "./make-bundle.ts";

export const bundleCommand = defineCommand({
  meta: {
    name: "nua-build bundle",
    description: "Put all that building apps reads into one file; see what is in it",
  },
  words: "PATH… | inspect FILE… | verify FILE…",
  args: { ...MAKE_BUNDLE_ARGS, ...COMMON_ARGS },
  async run(args, data) {
    const [verb = "", ...files] = data.words;
    const work = VERBS[verb];
    if (work === undefined) return runMakeBundle(data.words, args, data);
    if (files.length === 0) {
      throw new NuaError("usage", `${work.attempt}: expected at least one file`, {
        hint: `nua-build bundle ${verb} FILE…`,
      });
    }
    await work.run(files, { ...data, isJson: args.json === true });
  },
});

// --- internal ---

interface VerbData extends CommandData {
  isJson: boolean;
}

interface Verb {
  attempt: string;
  run(files: readonly string[], data: VerbData): Promise<void>;
}

const VERBS: Readonly<Partial<Record<string, Verb>>> = {
  inspect: { attempt: "Inspect bundle", run: inspectBundle },
  verify: { attempt: "Verify bundles", run: verifyBundles },
};

/** Several files are a bundle and the difference bundles on top of it. */
async function inspectBundle(
  files: readonly string[],
  { session, print, isJson, verbosity }: VerbData,
): Promise<void> {
  const [file, ...more] = files as [string, ...string[]];
  const view = await withProgress(session, (options) =>
    more.length === 0 ? viewFile(file, options) : openBundle(files, options),
  );
  const summary = describeBundle(view);
  print(isJson ? JSON.stringify({ ok: true, ...summary }) : formatSummary(summary, verbosity > 0));
}

/** @throws NuaError (archive) for one that is damaged, (input) for one that lacks something */
async function verifyBundles(
  files: readonly string[],
  { session, print, isJson }: VerbData,
): Promise<void> {
  for (const file of files) {
    const { id, absent } = await withProgress(session, (options) => verifyBundle(file, options));
    if (absent.length > 0) {
      const hint = "make the bundle again where there is a network";
      throw new MissingInputsError(`Verify bundle "${file}"`, absent, hint);
    }
    print(isJson ? JSON.stringify({ ok: true, file, index: id }) : `${file}: whole`);
  }
}

async function viewFile(
  file: string,
  options: Parameters<typeof verifyBundle>[1],
): Promise<BundleView> {
  const read = await verifyBundle(file, options);
  const blobs = new Map(read.index.blobs.map(({ sha256, bytes }) => [sha256, bytes]));
  return { files: [read], blobs, absent: read.absent };
}

async function withProgress<Result>(
  session: Session,
  read: (options: Parameters<typeof verifyBundle>[1]) => Promise<Result>,
): Promise<Result> {
  try {
    return await read({ signal: session.signal, onProgress: showProgress(session) });
  } finally {
    session.report.progress("");
  }
}
