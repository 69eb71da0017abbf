/** Network namespaces of tests whose process is gone. */
import { existsSync, readdirSync } from "node:fs";
import { $ } from "zx";

/** What their names begin with; then comes the number of the process that has made it. */
export const NAMESPACE = "nua-test-";

/** Where iproute2 keeps them: ip-netns(8). */
const FOLDER = "/run/netns";

export async function removeDeadNamespaces(log: (line: string) => void): Promise<void> {
  for (const name of existsSync(FOLDER) ? readdirSync(FOLDER) : []) {
    const pid = name.startsWith(NAMESPACE) ? Number.parseInt(name.slice(NAMESPACE.length), 10) : 0;
    if (!(pid > 0) || existsSync(`/proc/${pid}`)) continue;
    log(`remove what a killed run has left: ${name}`);
    await $({ quiet: true, nothrow: true })`ip netns delete ${name}`;
  }
}
