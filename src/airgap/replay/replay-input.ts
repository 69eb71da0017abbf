/** The input source that reads a bundle; builds have no network. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as v from "valibot";
import { withoutCaches } from "../../dockerfile/caches.ts";
import { runsAgent } from "../../dockerfile/dockerfile.ts";
import { mountsFaithfully } from "../../engine/builder-kind.ts";
import { NuaError } from "../../lib/errors.ts";
import { withMount } from "../../lib/run-mounts.ts";
import { INPUTS_NAME } from "../../protocol/agent-input.ts";
import {
  BLOBS_FOLDER,
  EXCHANGES_FILE,
  exchangeListSchema,
  findMissing,
  INPUTS_FOLDER,
  type MissingExchange,
} from "../../protocol/exchanges.ts";
import type { NetworkSettings } from "../../protocol/network-settings.ts";
import {
  type AppIdentity,
  type BuilderUse,
  type CommandInputs,
  type FetchedFile,
  type InputSource,
  MissingExchangesError,
  type Need,
  type OutsidePlace,
  type WantedFile,
} from "../../session/input-source.ts";
import { type BuilderSecrets, secretsForBuilder } from "../../session/network-settings.ts";
import type { SessionBase } from "../../session/session-base.ts";
import type { BundledInputs } from "./bundled-inputs.ts";
import { makeInputsImage } from "./inputs-image.ts";
import { type InputsServer, serveInputs } from "./inputs-server.ts";
import { reportMissingExchanges } from "./missing-inputs.ts";

export class ReplayInput implements InputSource {
  /** Its builds are done for their own sake, in folders that are gone afterwards. */
  readonly isRepeated = false;
  readonly #inputs: BundledInputs;

  constructor(inputs: BundledInputs) {
    this.#inputs = inputs;
  }

  /** No address is reached, so that neither mirror nor certificate is needed. */
  async networkSettings(): Promise<NetworkSettings> {
    return {};
  }

  admit(_app: AppIdentity): void {}

  ensureOnline({ kind, attempt, hint }: Need): void {
    throw new NuaError("input", `${attempt}: --offline forbids it`, {
      hint: kind === "base" ? BASE_HINT : hint,
    });
  }

  async fetch(
    { url, isHere, wantedBy }: WantedFile,
    download: (held?: string) => Promise<FetchedFile>,
  ): Promise<FetchedFile> {
    const held = await findHeld(url, this.#inputs.folder);
    if (held !== undefined) return download(held);
    if (isHere) return download();
    throw new MissingExchangesError([{ method: "GET", url, client: "nua-build", wantedBy }]);
  }

  allowOutside({ url, key }: OutsidePlace): void {
    throw new NuaError("input", `Read source "${url}": it lies outside of the app's folder`, {
      step: key,
      hint: "an app out of a bundle reads nothing else of this machine; put the source into its folder",
    });
  }

  /** A builder that mounts gets them in the build context, or as an image; another one, served. */
  async open(build: BuilderUse, session: SessionBase): Promise<CommandInputs> {
    session.report.step("offline: sealed (the engine gives this build no network)");
    const isOurs = build.dockerfile === "default";
    const given = secretsForBuilder({}, build.builder, isOurs);
    const { folder } = this.#inputs;
    // An image that is wrapped runs nothing, and need not have an agent.
    if (build.dockerfile === "wrap") return replayedBuild({ given });
    if (!mountsFaithfully(build.builder)) {
      const server = await serveInputs(folder, build.agentImage, session);
      return replayedBuild({
        given: secretsForBuilder(server.networkSettings, build.builder, isOurs),
        server,
      });
    }
    if (isOurs) {
      const staged = [{ from: folder, to: INPUTS_NAME }];
      const dockerfile = (text: string) => withInputs(text, `source=${INPUTS_NAME}`, () => true);
      return { ...replayedBuild({ given }), staged, dockerfile };
    }
    const image = await makeInputsImage(folder, session);
    return {
      ...replayedBuild({ given }),
      images: [image.tag],
      dockerfile: (text) => withInputs(text, `from=${image.tag}`, runsAgent),
      [Symbol.asyncDispose]: () => image[Symbol.asyncDispose](),
    };
  }

  async explain(error: unknown, app: () => AppIdentity, session: SessionBase): Promise<unknown> {
    if (!(error instanceof MissingExchangesError)) return error;
    return reportMissingExchanges(app(), error.missing, this.#inputs, session);
  }
}

// --- internal ---

/** One whose commands have no network; they may have a server on their loopback. */
function replayedBuild({
  given,
  server,
}: {
  given: BuilderSecrets;
  server?: InputsServer;
}): CommandInputs {
  const printed: MissingExchange[] = [];
  return {
    ...{ given, network: server?.network ?? "none", hint: COMMANDS_HINT },
    ...{ isForImage: true, staged: [], images: [] },
    dockerfile: withoutCaches,
    onLine: (line) => void printed.push(...findMissing(line)),
    unanswered: async () => [...printed, ...((await server?.missing()) ?? [])],
    [Symbol.asyncDispose]: async () => server?.[Symbol.asyncDispose](),
  };
}

function withInputs(text: string, from: string, isReader: (command: string) => boolean): string {
  return withMount(withoutCaches(text), `type=bind,${from},target=${INPUTS_FOLDER}`, isReader);
}

const COMMANDS_HINT =
  "a build from a bundle has no network but the bundle, which holds what was read over http and https: anything else must be in the app's folder or the base";

const BASE_HINT =
  "the bundle is of another nua-build: use that one (bundle --binary takes it along), or make the bundle anew";

/** @returns the address of a file with what was fetched from there; undefined where there is none */
async function findHeld(url: string, folder: string): Promise<string | undefined> {
  const text = await readFile(join(folder, EXCHANGES_FILE), "utf8");
  const { exchanges } = v.parse(exchangeListSchema, JSON.parse(text));
  const content = exchanges.find((one) => one.url === url && one.client === "nua-build")?.content;
  return content ? pathToFileURL(join(folder, BLOBS_FOLDER, content)).href : undefined;
}
