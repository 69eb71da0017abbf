/** The engine of the demo: the machine's own, or a private one that is removed afterwards. */
import { delimiter, dirname, join } from "node:path";
import { $ } from "zx";
import { prepareDocker } from "./docker-programs.ts";
import { startPrivateEngine } from "./private-engine.ts";
import { cacheFolder, closeRunFolder, openRunFolder } from "./run-folder.ts";
import { ensureSystemPackages } from "./system-packages.ts";

/**
 * Where no engine answers, has a client and an engine, and leads the programs that this process
 * starts to them; that needs root.
 * @returns what ends the engine, if it was started
 * @throws Error when no engine can be had
 */
export async function ensureEngine(log: (line: string) => void): Promise<AsyncDisposable> {
  const asked = await $({ quiet: true, nothrow: true })`docker version`;
  if (asked.exitCode === 0) return { [Symbol.asyncDispose]: async () => {} };
  if (process.getuid?.() !== 0) {
    throw new Error("no engine answers: start one, or have this one started by root (sudo)");
  }
  await ensureSystemPackages(log);
  const run = await openRunFolder(log);
  const end = { [Symbol.asyncDispose]: () => closeRunFolder(run) };
  try {
    const cache = join(cacheFolder(), "programs");
    const folder = join(run, "docker");
    const programs = await prepareDocker({ cache, folder, engine: "20.10", log });
    log("start the engine");
    const { dockerd, docker26: docker } = programs;
    const { host } = await startPrivateEngine({ folder: join(run, "engine-1"), dockerd, docker });
    const path = [dirname(docker), process.env.PATH].join(delimiter);
    const config = programs.configWithBuildx;
    Object.assign(process.env, { DOCKER_HOST: host, DOCKER_CONFIG: config, PATH: path });
    delete process.env.DOCKER_CONTEXT;
    return end;
  } catch (error) {
    await end[Symbol.asyncDispose]();
    throw error;
  }
}
