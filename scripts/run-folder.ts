/** Temporary folders of test runs; those of killed runs are removed by the next one. */
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { removeDeadNamespaces } from "./dead-namespaces.ts";
import { removeEngine } from "./private-engine.ts";

/** Where the programs are kept from run to run, and the folders of runs stand. */
export function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || "/var/cache", "nua-build-tests");
}

/**
 * Makes a folder for this run, after it has removed those whose process is gone, and what else
 * such have left.
 * @returns its path; engines stand in folders of it that are named `engine-…`
 */
export async function openRunFolder(log: (line: string) => void): Promise<string> {
  const runs = join(cacheFolder(), "runs");
  await mkdir(runs, { recursive: true });
  for (const name of await readdir(runs)) {
    const folder = join(runs, name);
    const owner = await readFile(join(folder, OWNER), "utf8").catch(() => "");
    if (owner !== "" && owner === (await describeProcess(Number.parseInt(owner, 10)))) continue;
    log(`remove what a killed run has left: ${folder}`);
    await closeRunFolder(folder);
  }
  await removeDeadNamespaces(log);
  const part = await mkdtemp(join(cacheFolder(), "run-"));
  await writeFile(join(part, OWNER), await describeProcess(process.pid));
  // Nobody sees it there without its owner.
  const folder = join(runs, basename(part));
  await rename(part, folder);
  return folder;
}

/** Ends its engines, and removes it. */
export async function closeRunFolder(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.startsWith("engine-")) await removeEngine(join(folder, name));
  }
  await rm(folder, { recursive: true, force: true });
}

// --- internal ---

const OWNER = "owner";

/** Its number and its start, in ticks since boot (proc_pid_stat(5)): numbers are given out again. */
async function describeProcess(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // The second field, a name in brackets, may have blanks.
  const start = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  return start === undefined ? "" : `${pid} ${start}`;
}
