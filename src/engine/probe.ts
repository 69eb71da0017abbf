/** What the engine and its client can do: asked once, changing nothing. */
import * as v from "valibot";
import { CommandError, NuaError } from "../lib/errors.ts";
import { type CommandResult, runProgram } from "../lib/process.ts";
import type { BuilderKind } from "./builder-kind.ts";

export interface EngineFacts {
  /** The client's program, such as "docker". */
  client: string;
  clientVersion: string;
  serverVersion: string;
  /** Architecture of the engine in Docker's words, such as "amd64". */
  architecture: string;
  isPodman: boolean;
}

/** How this client has images built. */
export interface BuilderFacts {
  builder: BuilderKind;
  /** The buildx builder that sees the engine's own images. */
  buildxBuilder: string;
  /** Whether `--provenance` is known; its default turns one image into an index. */
  provenance: boolean;
}

const partSchema = v.object({
  Version: v.string(),
  Arch: v.optional(v.string()),
  /** podman: "linux/amd64". */
  OsArch: v.optional(v.string()),
});

/** podman on its own machine is client and engine in one, and tells no server. */
const versionSchema = v.object({ Client: partSchema, Server: v.nullish(partSchema) });

/**
 * Asks the client for its and the engine's versions.
 * @throws NuaError (engine) when the client is missing, no engine answers or it may not be used
 */
export async function probeEngine(client: string, signal?: AbortSignal): Promise<EngineFacts> {
  const argv = [client, "version", "--format", "{{json .}}"];
  const answer = await runProgram(argv, { signal }).catch((cause) => {
    signal?.throwIfAborted();
    throw cause instanceof CommandError ? clientMissing(client, cause) : cause;
  });
  const versions = parseVersions(answer);
  const isPodman = versions?.Client.OsArch !== undefined;
  const server = versions?.Server ?? (isPodman ? versions.Client : undefined);
  if (versions === undefined || server === undefined) throw engineMissing(client, answer);
  return {
    client,
    clientVersion: versions.Client.Version,
    serverVersion: server.Version,
    architecture: server.Arch ?? server.OsArch?.split("/")[1] ?? "",
    isPodman,
  };
}

/**
 * Asks the client how it builds images: not needed for anything else, and slower to tell.
 * @param engine what is known of the engine, perhaps not yet: it is not waited for to ask
 */
export async function probeBuilder(
  client: string,
  engine: EngineFacts | Promise<EngineFacts>,
  signal?: AbortSignal,
): Promise<BuilderFacts> {
  const ask = (...words: string[]) => runProgram([client, ...words], { signal });
  const asked = Promise.all([ask("buildx", "version"), ask("context", "show")]);
  // Without a client there is no engine either, which tells more.
  asked.catch(() => {});
  const { clientVersion, isPodman } = await engine;
  if (isPodman) return { builder: "buildah", buildxBuilder: "default", provenance: false };
  const [buildx, context] = await asked;
  const hasBuildx = buildx.exitCode === 0;
  return {
    builder: resolveBuilderKind(clientVersion, hasBuildx),
    buildxBuilder: hasBuildx && context.exitCode === 0 ? context.stdout.trim() : "default",
    provenance: hasBuildx && isAtLeast(/v?(\d+\.\d+)/.exec(buildx.stdout)?.[1] ?? "0.0", 0, 10),
  };
}

/** The builder that a client of this version uses; see {@link BuilderKind}. */
export function resolveBuilderKind(clientVersion: string, hasBuildx: boolean): BuilderKind {
  if (hasBuildx) return "buildx";
  return isAtLeast(clientVersion, 23, 0) ? "legacy" : "embedded";
}

/**
 * Whether a buildx builder sees the images that the engine has: only the engine's own does.
 * @throws NuaError (usage) when there is no such builder, or it belongs to another engine
 */
export async function seesEngineImages(
  { client }: EngineFacts,
  { buildxBuilder }: BuilderFacts,
  name: string,
  signal?: AbortSignal,
): Promise<boolean> {
  const attempt = `Build with --builder "${name}"`;
  const answer = await runProgram([client, "buildx", "inspect", name], { signal });
  if (answer.exitCode !== 0) {
    throw new NuaError("usage", `${attempt}: ${answer.stderr.trim()}`, {
      hint: "docker buildx ls lists those that there are",
    });
  }
  const isEngine = /^Driver:\s*docker$/m.test(answer.stdout);
  if (!isEngine || name === buildxBuilder) return isEngine;
  throw new NuaError("usage", `${attempt}: it is the one of another engine`, {
    hint: `to build there, and have the image there: DOCKER_CONTEXT=${name} nua-build …`,
  });
}

// --- internal ---

function isAtLeast(version: string, major: number, minor: number): boolean {
  const [a = 0, b = 0] = version.split(".").map((part) => Number.parseInt(part, 10));
  return a > major || (a === major && b >= minor);
}

function parseVersions(answer: CommandResult): v.InferOutput<typeof versionSchema> | undefined {
  try {
    return v.parse(versionSchema, JSON.parse(answer.stdout));
  } catch {
    return undefined;
  }
}

function clientMissing(client: string, cause: unknown): NuaError {
  return new NuaError("engine", `Start the engine's client "${client}": it was not found`, {
    hint: "install Docker (Debian, Ubuntu: apt-get install docker.io), or name the client with NUA_ENGINE",
    cause,
  });
}

function engineMissing(client: string, answer: CommandResult): NuaError {
  const host = process.env.DOCKER_HOST ? ` at DOCKER_HOST "${process.env.DOCKER_HOST}"` : "";
  const said = answer.stderr.trim().split("\n").at(-1) ?? "";
  if (/permission denied/i.test(said)) {
    return new NuaError(
      "engine",
      `Reach the engine through "${client}"${host}: permission denied`,
      {
        hint: "run as root, or join the group of the engine's socket: sudo usermod -aG docker $USER",
      },
    );
  }
  return new NuaError("engine", `Reach the engine through "${client}"${host}: ${said}`, {
    hint: "start it (systemctl start docker), or point DOCKER_HOST at an engine that runs",
  });
}
