/** Reports missing inputs, and writes the request for the machine with a network. */
import { stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { STANDARD_OUTPUT } from "../../images/transfer/target.ts";
import type { MissingExchange } from "../../protocol/exchanges.ts";
import { identify, indexedPackage } from "../../registries/identify.ts";
import { formatItem } from "../../registries/item.ts";
import type { AppIdentity } from "../../session/input-source.ts";
import type { SessionBase } from "../../session/session-base.ts";
import { createTempFolder } from "../../session/temp-folder.ts";
import { createTakeRules } from "../../source/take-rules.ts";
import { findWanted } from "../bundle/find-wanted.ts";
import { MissingInputsError, type MissingItem } from "../bundle/missing-error.ts";
import { packApp } from "../bundle/pack-app.ts";
import { writeBundle } from "../bundle/write-bundle.ts";
import type { BundledInputs } from "./bundled-inputs.ts";

/** What is not there, and what led to it. */
export type MissingReason = MissingItem & { wantedBy: string };

export interface MissingReport {
  app: Pick<AppIdentity, "root" | "file" | "tag" | "taken">;
  missing: readonly MissingReason[];
  /** The requests behind them, as far as there were any. */
  exchanges: readonly MissingExchange[];
}

/**
 * What requests ask for; of a package's index page, the package; of a list of apt's, the Debian
 * packages of the app.
 */
export function missingInputs(
  exchanges: readonly MissingExchange[],
  packages: Readonly<Record<"build" | "run", readonly string[]>>,
): MissingReason[] {
  const packagesFor = (action: string) => packages[APT_ACTIONS[action] ?? "run"];
  const inputs = exchanges.flatMap((exchange): MissingReason[] => {
    const { client, wantedBy } = exchange;
    const identified = identify(exchange);
    // Without its page nobody knows which version is meant.
    const named = identified.kind === "index" ? indexedPackage(exchange) : undefined;
    const item = named ?? identified;
    const isList = item.kind === "index" && client === "apt";
    const names = isList ? packagesFor(wantedBy) : [];
    if (!isList || names.length === 0) return [{ item, wantedBy }];
    return names.map((name) => ({ item: { kind: "deb", name, version: "" }, wantedBy }));
  });
  return [...new Map(inputs.map((input) => [formatItem(input.item), input])).values()];
}

/** The same for requests without a response. */
export function reportMissingExchanges(
  app: AppIdentity,
  exchanges: readonly MissingExchange[],
  inputs: BundledInputs,
  session: SessionBase,
): Promise<MissingInputsError> {
  const missing = missingInputs(exchanges, app.packages);
  return reportMissing({ app, missing, exchanges }, inputs, session);
}

/** Writes the file for the connected side, unless that is here. @returns the error that names all */
export async function reportMissing(
  report: MissingReport,
  inputs: BundledInputs,
  session: SessionBase,
): Promise<MissingInputsError> {
  const { app, missing } = report;
  const { tag } = app;
  const placed = await Promise.all(
    missing.map(async ({ item, wantedBy }) => ({
      item,
      wantedBy: (await findWanted(item, app.root)) ?? wantedBy,
    })),
  );
  const attempt = `Build "${tag}" from the bundle`;
  if (inputs.isVerification) return new MissingInputsError(attempt, placed, PROOF_HINT);
  const file = await writeRequest(report, inputs, session);
  const hint = `carry "${file}" to where there is a network: nua-build bundle --missing FILE -o MORE; then here: --bundle "${inputs.bundle.name}" --bundle MORE`;
  return new MissingInputsError(attempt, placed, hint);
}

// --- internal ---

const PROOF_HINT =
  "the build asks for something else each time, or was refused it the first time: -vv shows by which command; --no-prove writes the bundle all the same";

/** Which of the app's packages the agent's actions install, by their names. */
const APT_ACTIONS: Readonly<Record<string, "build" | "run">> = {
  "build-packages": "build",
  "run-packages": "run",
};

async function writeRequest(
  { app: { root, file, tag, taken }, exchanges }: MissingReport,
  { bundle, held }: BundledInputs,
  session: SessionBase,
): Promise<string> {
  await using folder = await createTempFolder(session.settings.buildDir);
  const { signal } = session;
  const rules = createTakeRules(root, taken);
  const packed = await packApp({ root, file, rules, tag, folder: folder.path, signal });
  const written = await writeBundle({
    target: join(
      await requestFolder(session.settings.output),
      `${tag.replace(/[/:]/g, "_")}.missing`,
    ),
    subject: {
      apps: [packed.app],
      ...{ images: [], exchanges: [], linuxBase: session.settings.linuxBase },
      app: session.settings.app,
    },
    blobs: new Map([[packed.app.source, packed.blob]]),
    request: { bundle, missing: [...exchanges], held: [...held] },
    signal,
  });
  return written.file;
}

/** Beside where the archive would have gone. */
async function requestFolder(output: string): Promise<string> {
  if (output === STANDARD_OUTPUT) return process.cwd();
  const path = resolve(output);
  const isFolder = await stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  );
  return isFolder || output.endsWith("/") ? path : dirname(path);
}
