/** `bundle PATH…`: builds apps once, and keeps all that they read. */
import type { ArgsDef, ParsedArgs } from "citty";
import { openRequestedApps } from "../airgap/record/open-request.ts";
import { type BundleOptions, makeBundle, tryBundle } from "../bundle.ts";
import { ensureOutputFolder, resolveTarget, STANDARD_OUTPUT } from "../images/transfer/target.ts";
import { NuaError } from "../lib/errors.ts";
import { formatBytes } from "../lib/format.ts";
import { isOffline } from "../session/offline.ts";
import { BASE_ARGS, type CommandData, NETWORK_ARGS, PLAN_ARGS } from "./command.ts";

export const MAKE_BUNDLE_ARGS = {
  output: { type: "string", alias: "o", description: "File or folder of the bundle" },
  since: { type: "string", description: "Leave out what this bundle holds" },
  missing: {
    type: "string",
    description: "Bring what a build from one has missed: its file; again for another app's",
  },
  bases: { type: "boolean", default: true, description: "With the base images; --no-bases: not" },
  binary: { type: "boolean", description: "With nua-build itself: tar -xf FILE nua-build" },
  prove: {
    type: "boolean",
    default: true,
    description: "Build from it without a network; --no-prove: not",
  },
  strict: { type: "boolean", description: "Unknown keys of the configuration are errors" },
  ...PLAN_ARGS,
  ...BASE_ARGS,
  ...NETWORK_ARGS,
} as const satisfies ArgsDef;

/** @throws NuaError (usage) when neither apps nor a request are named, or no file */
export async function runMakeBundle(
  words: readonly string[],
  args: ParsedArgs<typeof MAKE_BUNDLE_ARGS> & { json?: boolean | undefined },
  { session, values, print }: CommandData,
): Promise<void> {
  if (isOffline(session.settings)) {
    throw new NuaError("usage", "Make a bundle: NUA_OFFLINE forbids the network that it is for", {
      hint: "make it where there is a network, with NUA_OFFLINE=false",
    });
  }
  const [since, requests] = [values("since"), values("missing")];
  await using request =
    requests.length === 0 ? undefined : await openRequestedApps(requests, session);
  const paths = words.length > 0 ? words : (request?.paths ?? []);
  if (paths.length === 0) {
    throw new NuaError("usage", "Make a bundle: no app is named", {
      hint: "nua-build bundle PATH… -o FILE, or nua-build bundle --missing FILE -o MORE",
    });
  }
  // Of an answer to a request, what lies below it is on the far side.
  const isWhole = request === undefined || since.length > 0;
  const proved = args.prove !== false && isWhole;
  const options: BundleOptions = {
    ...{ paths, since, older: request?.older, strict: args.strict === true },
    target: await chooseTarget(args.output, session.settings.output),
    withImages: args.bases !== false,
    withBinary: args.binary === true,
    approve: proved ? (written) => tryBundle([...since, written], session) : undefined,
  };
  const { file, bytes, index } = await makeBundle(options, session);
  session.report.step(`Wrote ${file}: ${formatBytes(bytes)}`);
  if (!proved) session.report.step("Not proved: no build was made from it");
  const apps = index.apps.map(({ tag }) => tag);
  print(args.json ? JSON.stringify({ ok: true, file, bytes, apps, proved }) : file);
}

// --- internal ---

async function chooseTarget(named: string | undefined, fallback: string): Promise<string> {
  const output = named ?? fallback;
  if (output === STANDARD_OUTPUT) {
    throw new NuaError("usage", "Make a bundle: it cannot go to standard output", {
      hint: "name a file: -o FILE",
    });
  }
  await ensureOutputFolder(output);
  return resolveTarget(output, "nua.bundle");
}
