/** What an engine and its client can do, as a table: asked once, see probe.ts. */
import type { BuilderKind } from "./builder-kind.ts";

export interface EngineFacts {
  /** The client's program, such as "docker". */
  client: string;
  clientVersion: string;
  serverVersion: string;
  /** Architecture of the engine in Docker's words, such as "amd64". */
  architecture: string;
  /** The engine as people call it. */
  product: "Docker" | "podman";
  /** Whether the commands of a build may share a container's network. */
  joinsNetworks: boolean;
}

/** How a client has images built. */
export interface BuilderFacts {
  builder: BuilderKind;
  /** Null where the client builds otherwise. */
  buildx: BuildxFacts | null;
}

export interface BuildxFacts {
  /** The buildx builder that sees the engine's own images. */
  builder: string;
  /** Whether `--provenance` is known; its default turns one image into an index. */
  provenance: boolean;
}
