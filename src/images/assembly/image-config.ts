/** Pure: the image config (OCI) of an image that is assembled from layers. */

import type { ImageFacts } from "../../engine/image-facts.ts";
import { pickRunConfig, sortKeys } from "../archive/run-config.ts";

export interface ImageParts {
  /** The image that the layers go upon. */
  base: Pick<ImageFacts, "config" | "diffIds" | "platform">;
  baseTag: string;
  /** Lowest first; `diffId` is the `sha256:…` of the uncompressed layer. */
  layers: readonly { name: string; diffId: string }[];
  labels: Readonly<Record<string, string>>;
  healthcheck: Healthcheck | null | undefined;
  /** Beside what the base has. */
  declared: Declared;
  /** What a container runs; null: the start script. */
  command: readonly string[] | null;
  /** As a config writes it: RFC 3339. */
  created: string;
}

/** What an image says of its containers. */
export interface Declared {
  env: Readonly<Record<string, string>>;
  port: number | null;
}

/** How it is found out whether an app is well; times in seconds, and 0 is the engine's own. */
export interface Healthcheck {
  command: string;
  interval?: number | null | undefined;
  timeout?: number | null | undefined;
  "start-period"?: number | null | undefined;
  retries?: number | null | undefined;
}

/** What a container of an app's image runs, unless it is told otherwise. */
const START = ["python", "/nua/scripts/start.py"];

/** @returns JSON: OCI Image Format Specification, "Image Configuration", with Docker's health check */
export function formatImageConfig(parts: ImageParts): Uint8Array {
  const { base, baseTag, layers, created } = parts;
  const { os, architecture, variant } = base.platform;
  const config = {
    architecture,
    os,
    ...(variant === "" ? {} : { variant }),
    config: runConfig(parts),
    created,
    history: [
      ...base.diffIds.map(() => ({ created, created_by: `FROM ${baseTag}` })),
      ...layers.map(({ name }) => ({ created, created_by: `nua-build: layer ${name}` })),
    ],
    rootfs: { type: "layers", diff_ids: listLayers(parts) },
  };
  return new TextEncoder().encode(JSON.stringify(sortKeys(config)));
}

/**
 * A time as engines tell it again, who drop zeros at the end of a fraction: an archive is known
 * by the time of its image.
 */
export function formatCreated(time: Date): string {
  return time.toISOString().replace(/\.?0+Z$/, "Z");
}

/** How a container of the image is run: what the base says, and the app beyond that. */
export function runConfig({
  base,
  labels,
  healthcheck,
  declared: { env, port },
  command,
}: Pick<ImageParts, "base" | "labels" | "healthcheck" | "declared" | "command">): unknown {
  const { OnBuild: _, Labels, Env, ExposedPorts, ...inherited } = base.config;
  return pickRunConfig({
    ...inherited,
    Cmd: command ?? START,
    Env: withVariables((Env as string[] | null | undefined) ?? [], env),
    ExposedPorts: {
      ...(ExposedPorts as object | null | undefined),
      ...(port === null ? {} : { [`${port}/tcp`]: {} }),
    },
    Labels: { ...(Labels as object | null | undefined), ...labels },
    ...(healthcheck ? { Healthcheck: formatHealthcheck(healthcheck) } : {}),
  });
}

/** Of all layers, lowest first. */
export function listLayers({ base, layers }: Pick<ImageParts, "base" | "layers">): string[] {
  return [...base.diffIds, ...layers.map(({ diffId }) => diffId)];
}

// --- internal ---

/** As `ENV` does it: in its place where it is there already, else at the end. */
function withVariables(inherited: readonly string[], env: Declared["env"]): string[] {
  const own = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const nameOf = (text: string) => text.slice(0, text.indexOf("="));
  const kept = inherited.map((text) => own.find((one) => nameOf(one) === nameOf(text)) ?? text);
  return [...kept, ...own.filter((text) => !kept.includes(text))];
}

/** The inverse of what engines do with the instruction; its times are nanoseconds. */
function formatHealthcheck(check: Healthcheck): object {
  const nanoseconds = (seconds: number | null | undefined) =>
    seconds ? Math.round(seconds * 1e9) : undefined;
  const times = {
    Interval: nanoseconds(check.interval),
    Timeout: nanoseconds(check.timeout),
    StartPeriod: nanoseconds(check["start-period"]),
    Retries: check.retries || undefined,
  };
  const given = Object.entries(times).filter(([, value]) => value !== undefined);
  return { Test: ["CMD", "/bin/sh", "-c", check.command], ...Object.fromEntries(given) };
}
