/** What differs between the clients of engines; implemented in docker.ts and podman.ts. */
import type { CommandResult } from "../lib/process.ts";
import type { BuilderFacts, EngineFacts } from "./facts.ts";
import type { EngineState } from "./state.ts";

export interface Dialect {
  product: EngineFacts["product"];
  joinsNetworks: boolean;
  /** Options of `save` for more than one image. */
  saveSeveral: readonly string[];
  /** @returns undefined for what another client prints for `version`, or when no engine answers */
  readVersions(told: unknown): Versions | undefined;
  /** @param answers not to be waited for by a client that has no buildx */
  describeBuilder(clientVersion: string, answers: Promise<BuilderAnswers>): Promise<BuilderFacts>;
  /** @throws ValiError for something else than what the client prints for `info` */
  readState(told: unknown): EngineState;
}

export type Versions = Pick<EngineFacts, "clientVersion" | "serverVersion" | "architecture">;

/** What a client says when it is asked how it builds. */
export interface BuilderAnswers {
  /** `buildx version` */
  buildx: CommandResult;
  /** `context show` */
  context: CommandResult;
}
