/** Test lanes: several engines in parallel, each with the same base images. */
import { join } from "node:path";
import { $ } from "zx";
import type { DockerPrograms } from "./docker-programs.ts";
import { startPrivateEngine } from "./private-engine.ts";
import { type Environment, engineEnvironment, testEnvironment } from "./test-environment.ts";

const BINARY = join(import.meta.dir, "../dist/nua-build");

/** What most of the files build upon. */
const BASES = ["nua-builder", "nua-builder-nodejs20"];

export interface Lane {
  name: string;
  /** What leads to the engine. */
  env: Environment;
  /** Removes the containers, the images and the networks that tests have left. */
  clean(): Promise<void>;
}

/**
 * Starts engines in folders `engine-…` of the run's folder; the first one makes the bases.
 * @throws Error when an engine does not come up, or a base cannot be built
 */
export async function openLanes(
  count: number,
  options: { folder: string; bin: string; programs: DockerPrograms; log: (line: string) => void },
): Promise<Lane[]> {
  const { folder, bin, programs, log } = options;
  const hosts: string[] = [];
  for (let number = 1; number <= count; number += 1) {
    const at = join(folder, `engine-${number}`);
    const { dockerd, docker26: docker } = programs;
    hosts.push((await startPrivateEngine({ folder: at, dockerd, docker })).host);
  }
  const common = await testEnvironment(join(folder, "bases"), bin);
  const leading = hosts.map((host) => engineEnvironment(host, programs));
  const environments = leading.map((env) => ({ ...common, ...env }));
  const [first, ...others] = environments;
  if (first === undefined) return [];
  log(`build the base images ${BASES.join(" and ")}`);
  await $({ env: first, quiet: true })`${BINARY} bases build ${BASES}`;
  const tags = await imagesOf(first);
  for (const env of others) await copyImages(first, env, [...tags.keys()]);
  return environments.map((env, index) => ({
    name: `engine ${index + 1}`,
    env: leading[index]!,
    clean: () => removeLeftovers(env, tags),
  }));
}

// --- internal ---

/** The identity of each image that has a tag. */
async function imagesOf(env: Environment): Promise<Map<string, string>> {
  const format = "{{.Repository}}:{{.Tag}} {{.ID}}";
  const { stdout } = await $({ env, quiet: true })`docker images --no-trunc --format ${format}`;
  const rows = stdout.split("\n").map((line) => line.split(" ") as [string, string]);
  return new Map(rows.filter(([tag]) => tag !== "" && !tag.includes("<none>")));
}

async function copyImages(from: Environment, to: Environment, tags: string[]): Promise<void> {
  const load = $({ env: to, quiet: true })`docker load`;
  await $({ env: from, quiet: true })`docker save ${tags}`.pipe(load);
}

/** What is left of a file's tests decides nothing for the next one. */
async function removeLeftovers(env: Environment, bases: Map<string, string>): Promise<void> {
  const run = $({ env, quiet: true, nothrow: true });
  const list = async (...argv: string[]) =>
    (await run`docker ${argv}`).stdout.split("\n").filter((line) => line !== "");
  const containers = await list("ps", "--all", "--quiet");
  if (containers.length > 0) await run`docker rm --force --volumes ${containers}`;
  for (const [tag, id] of bases) await run`docker tag ${id} ${tag}`;
  const foreign = [...(await imagesOf(env)).keys()].filter((tag) => !bases.has(tag));
  if (foreign.length > 0) await run`docker image rm --force ${foreign}`;
  await run`docker network prune --force`;
}
