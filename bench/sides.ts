/** The two ways to an image and its archive: nua-build, and a Dockerfile written by hand. */
import { join } from "node:path";
import { $ } from "zx";
import { VERSION } from "../src/protocol/version.ts";
import type { BenchApp } from "./apps.ts";

const BINARY = join(import.meta.dir, "../dist/nua-build");

/** The engine, and where packages come from. */
export interface Bench {
  /** A client that builds with BuildKit. */
  client: string;
  /** The files of the programs that both sides start. */
  programs: string[];
  /** A folder for archives. */
  output: string;
  /** Address of the Python package index, as containers reach it. */
  pipIndex: string;
  /** Has it wait before each answer, as an index far away does. */
  setIndexDelay(milliseconds: number): void;
  /** Host of that index. */
  pipHost: string;
  linuxBase: string;
  /** In PEM, the certificates that this machine was given, which nua-build finds by itself. */
  certificates: string;
}

/** @param options.isPublic whether Python's packages come from where this machine has them from */
export function nuaBuild(
  bench: Bench,
  words: readonly string[],
  { isPublic = false }: { isPublic?: boolean | undefined } = {},
) {
  const index = { NUA_PIP_INDEX: bench.pipIndex, NUA_PIP_TRUSTED_HOST: bench.pipHost };
  const env = {
    ...process.env,
    NUA_ENGINE: bench.client,
    ...(isPublic ? {} : index),
    ...(bench.linuxBase === "" ? {} : { NUA_LINUX_BASE: bench.linuxBase }),
  };
  return $({ quiet: true, env })`${[BINARY, "--output", `${bench.output}/`, ...words]}`;
}

export function handTag(app: Pick<BenchApp, "name">): string {
  return `nua-bench-hand-${app.name}:1.0`;
}

/** `docker build` alone. */
export function buildByHand(bench: Bench, app: BenchApp, folder: string) {
  const index = [`PIP_INDEX_URL=${bench.pipIndex}`, `PIP_TRUSTED_HOST=${bench.pipHost}`];
  const args = app.isPublic ? [] : index;
  return dockerBuild(bench, handTag(app), app.dockerfile, folder, args);
}

/** `docker save`, as people write it. */
export function saveByHand(bench: Bench, app: Pick<BenchApp, "name">) {
  const file = join(bench.output, `hand-${app.name}.tar`);
  return $({ quiet: true })`${bench.client} save --output ${file} ${handTag(app)}`;
}

export function dockerBuild(
  { client, certificates }: Bench,
  tag: string,
  dockerfile: string,
  folder: string,
  buildArgs: readonly string[] = [],
) {
  const env = { ...process.env, DOCKER_BUILDKIT: "1" };
  const words = ["--quiet", "--tag", tag, "--file", dockerfile];
  const all = [`nua_version=${VERSION}`, `certificates=${certificates}`, ...buildArgs];
  const args = all.flatMap((value) => ["--build-arg", value]);
  return $({ quiet: true, env })`${client} build ${[...words, ...args, folder]}`;
}

/** Everything that the builder has kept, of both sides. */
export async function forgetBuilds({ client }: Bench): Promise<void> {
  await $({ quiet: true })`${client} builder prune --all --force`;
}

/**
 * Builds, and removes the image that had the tag before: engines keep it without its name, and
 * after some rounds there would be dozens.
 */
export async function replaceImage<Result>(
  { client }: Bench,
  tag: string,
  build: () => Promise<Result>,
): Promise<Result> {
  const quiet = $({ quiet: true, nothrow: true });
  const find = async () =>
    (await quiet`${client} image inspect --format ${"{{.Id}}"} ${tag}`).stdout.trim();
  const before = await find();
  const result = await build();
  if (before !== "" && before !== (await find())) await quiet`${client} image rm ${before}`;
  return result;
}

/** nua-build, the client with its plugins, and the shell that starts it. */
export async function findPrograms(client: string): Promise<string[]> {
  const format = "{{range .ClientInfo.Plugins}}{{println .Path}}{{end}}";
  const plugins = await $({ quiet: true, nothrow: true })`${client} info --format ${format}`;
  const found = [BINARY, Bun.which(client), Bun.which("bash"), ...plugins.stdout.split("\n")];
  return found.filter((file): file is string => file !== null && file !== "");
}

/** A client that builds with BuildKit. @throws Error when there is none */
export async function findClient(): Promise<string> {
  for (const client of [process.env.NUA_ENGINE || "docker", "/usr/bin/docker"]) {
    const quiet = $({ quiet: true, nothrow: true });
    const version = (await quiet`${client} version --format ${"{{.Client.Version}}"}`).stdout;
    const hasBuildx = (await quiet`${client} buildx version`).exitCode === 0;
    if (hasBuildx || Number.parseInt(version, 10) < 23) return client;
  }
  throw new Error("no client here builds with BuildKit: install docker-buildx, or set NUA_ENGINE");
}
