/** buildx, where the client has it: other builders than the engine's own, and what they keep where. */
import { NuaError } from "../lib/errors.ts";
import { runProgram } from "../lib/process.ts";
import type { BuildxRequest } from "./build-args.ts";
import type { Buildx, Engine } from "./engine.ts";
import type { BuildxFacts } from "./facts.ts";

export function createBuildx(
  client: string,
  facts: BuildxFacts,
  signal: AbortSignal | undefined,
): Buildx {
  return {
    async seesImages(name) {
      const attempt = `Build with --builder "${name}"`;
      const answer = await runProgram([client, "buildx", "inspect", name], { signal });
      if (answer.exitCode !== 0) {
        throw new NuaError("usage", `${attempt}: ${answer.stderr.trim()}`, {
          hint: "docker buildx ls lists those that there are",
        });
      }
      const isEngine = /^Driver:\s*docker$/m.test(answer.stdout);
      if (!isEngine || name === facts.builder) return isEngine;
      throw new NuaError("usage", `${attempt}: it is the one of another engine`, {
        hint: `to build there, and have the image there: DOCKER_CONTEXT=${name} nua-build …`,
      });
    },
  };
}

/** What is wanted of buildx; empty texts: nothing. */
export type BuildxOptions = Omit<BuildxRequest, "contexts">;

/**
 * @param secretsForBuilder gives a builder that does not see the engine's images those that it needs
 * @returns undefined where the engine's own builder is used as it is
 * @throws NuaError (usage) when the client has no buildx, or there is no such builder
 */
export async function resolveBuildx(
  { builder, cacheTo, cacheFrom }: BuildxOptions,
  engine: Pick<Engine, "facts" | "buildx">,
  secretsForBuilder: () => Promise<BuildxRequest["contexts"]>,
): Promise<BuildxRequest | undefined> {
  if (builder === "" && cacheTo === "" && cacheFrom === "") return undefined;
  const buildx = await engine.buildx();
  if (buildx === undefined) {
    const flag = builder === "" ? "--cache-to or --cache-from" : `--builder "${builder}"`;
    throw new NuaError("usage", `Build with ${flag}: ${engine.facts.client} has no buildx`, {
      hint: "install it (Debian, Ubuntu: apt-get install docker-buildx)",
    });
  }
  const seesImages = builder === "" || (await buildx.seesImages(builder));
  return { builder, contexts: seesImages ? [] : await secretsForBuilder(), cacheTo, cacheFrom };
}
