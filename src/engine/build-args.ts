/** Pure: from a build request and the engine's features to the argv of `docker build`. */
import type { BuilderFacts, EngineFacts } from "./facts.ts";

export interface BuildRequest {
  /** Folder that holds the build context. */
  context: string;
  /** Path of the Dockerfile, in the context or not. */
  dockerfile: string;
  /** What becomes of the last stage. */
  result: ImageResult | FilesResult;
  buildArgs: Record<string, string>;
  /** Names of build arguments whose values come from the environment: kept out of argv. */
  hiddenArgs: readonly string[];
  /** Of a builder that mounts: by id, with the variable of the environment that holds each. */
  secrets: readonly { id: string; variable: string }[];
  noCache: boolean;
  /** What its commands get for a network, in the engine's words; without it, the usual one. */
  network?: BuildNetwork | undefined;
  /** Of buildx: another builder than the engine's own, and what it keeps where. */
  buildx?: BuildxRequest | undefined;
}

/** None, or that of a container. */
export type BuildNetwork = "none" | `container:${string}`;

/** An image of the engine's. */
export interface ImageResult {
  kind: "image";
  tag: string;
  labels: Record<string, string>;
  /** File that receives the image's id. */
  idFile: string;
}

/** Its files, in a folder here. */
export interface FilesResult {
  kind: "files";
  folder: string;
}

export interface BuildxRequest {
  /** Empty: the engine's own. */
  builder: string;
  /** What stands in for images that the builder does not see, such as `oci-layout://…`. */
  contexts: readonly { tag: string; address: string }[];
  /** In the words of buildx; empty: none. */
  cacheTo: string;
  cacheFrom: string;
}

export interface ClientCommand {
  argv: string[];
  env: Record<string, string>;
}

/** The `docker build` command for this engine. */
export function buildImageCommand(
  facts: Pick<EngineFacts, "client"> & BuilderFacts,
  request: BuildRequest,
): ClientCommand {
  const { buildx } = request;
  const { words, env } = builderWords(facts, request);
  return {
    argv: [
      facts.client,
      ...words,
      ...["--file", request.dockerfile],
      ...resultWords(request.result),
      ...pairs("--build-arg", request.buildArgs),
      ...request.hiddenArgs.flatMap((name) => ["--build-arg", name]),
      ...request.secrets.flatMap(({ id, variable }) => ["--secret", `id=${id},env=${variable}`]),
      ...(request.noCache ? ["--no-cache"] : []),
      ...(request.network === undefined ? [] : ["--network", request.network]),
      ...(buildx === undefined ? [] : buildxWords(buildx)),
      request.context,
    ],
    env,
  };
}

// --- internal ---

function resultWords(result: BuildRequest["result"]): string[] {
  if (result.kind === "image") {
    const { tag, idFile, labels } = result;
    return ["--tag", tag, "--iidfile", idFile, ...pairs("--label", labels)];
  }
  // A line of CSV: docs.docker.com, "docker buildx build", --output.
  return ["--output", `type=local,"dest=${result.folder.replaceAll('"', '""')}"`];
}

function builderWords(
  { builder, buildx }: BuilderFacts,
  request: BuildRequest,
): { words: string[]; env: Record<string, string> } {
  switch (builder) {
    case "buildx": {
      const chosen = request.buildx?.builder || (buildx?.builder ?? "default");
      return {
        words: [
          ...["buildx", "build", "--builder", chosen, "--progress=plain"],
          ...(request.result.kind === "image" ? ["--load"] : []),
          ...(buildx?.provenance ? ["--provenance=false"] : []),
        ],
        env: {},
      };
    }
    case "embedded":
      return { words: ["build", "--progress=plain"], env: { DOCKER_BUILDKIT: "1" } };
    case "buildah":
      // Docker's format, since OCI's has no HEALTHCHECK; layers, as the others make them.
      return { words: ["build", "--format", "docker", "--layers", "--force-rm"], env: {} };
    case "legacy":
      // force-rm: a failed or interrupted step leaves no container.
      return { words: ["build", "--rm", "--force-rm"], env: { DOCKER_BUILDKIT: "0" } };
  }
}

function buildxWords({ contexts, cacheTo, cacheFrom }: BuildxRequest): string[] {
  return [
    ...contexts.flatMap(({ tag, address }) => ["--build-context", `${tag}=${address}`]),
    ...(cacheTo === "" ? [] : ["--cache-to", cacheTo]),
    ...(cacheFrom === "" ? [] : ["--cache-from", cacheFrom]),
  ];
}

function pairs(flag: string, values: Record<string, string>): string[] {
  return Object.entries(values)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, value]) => [flag, `${name}=${value}`]);
}
