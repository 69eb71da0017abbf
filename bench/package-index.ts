/** A Python package index out of Debian's own packages, served where containers reach it. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { $ } from "zx";
import { DEBIAN_PACKAGES, DEBIAN_WHEELS, SOURCES } from "./apps.ts";

export interface PackageIndex extends Disposable {
  /** Its address, as containers reach it. */
  pipIndex: string;
  /** Its host. */
  pipHost: string;
  /** Has it wait before each answer, as an index far away does. */
  setIndexDelay(milliseconds: number): void;
}

/**
 * @param files a folder for what it serves; made once, and used again by whoever names it again
 * @param client the engine's, whose containers are to reach it
 */
export async function startPackageIndex(files: string, client: string): Promise<PackageIndex> {
  const [host] = await Promise.all([findGateway(client), makeFiles(files)]);
  let delay = 0;
  const answer = async (request: Request) => {
    await Bun.sleep(delay);
    return serve(files, request);
  };
  const server = Bun.serve({ port: 0, hostname: host, fetch: answer });
  return {
    setIndexDelay(milliseconds: number) {
      delay = milliseconds;
    },
    pipIndex: `http://${host}:${server.port}/simple/`,
    pipHost: host,
    [Symbol.dispose]: () => void server.stop(true),
  };
}

/** The address of this machine as containers of the client's engine see it. */
export async function findGateway(client: string, env = process.env): Promise<string> {
  const format = "{{json (index .IPAM.Config 0)}}";
  const asked = await $({ quiet: true, env })`${client} network inspect bridge --format ${format}`;
  const network = JSON.parse(asked.stdout) as { Gateway?: string; Subnet: string };
  // Not each engine tells it: it is the network's first address.
  return network.Gateway ?? network.Subnet.replace(/\.\d+\/\d+$/, ".1");
}

// --- internal ---

async function makeFiles(files: string): Promise<void> {
  const complete = join(files, "complete");
  if (await Bun.file(complete).exists()) return;
  await mkdir(files, { recursive: true });
  const script = join(import.meta.dir, "wheels.py");
  const words = [files, ...DEBIAN_PACKAGES, ...DEBIAN_WHEELS, "--sources", ...SOURCES];
  const make = () => $({ quiet: true })`python3 ${script} ${words}`;
  await make().catch(async () => {
    // What apt knows may be of last month, or nothing at all.
    await $({ quiet: true })`apt-get update -qq`;
    await make();
  });
  await writeFile(complete, "");
}

/** Source: PEP 503. */
async function serve(files: string, request: Request): Promise<Response> {
  const path = decodeURIComponent(new URL(request.url).pathname);
  if (path.includes("..")) return new Response("", { status: 404 });
  if (!path.endsWith("/")) return new Response(Bun.file(join(files, path)));
  const glob = new Bun.Glob("*");
  const names = await Array.fromAsync(glob.scan({ cwd: join(files, path) })).catch(() => []);
  if (names.length === 0) return new Response("", { status: 404 });
  const links = names.sort().map((name) => `<a href="${name}">${name}</a>`);
  return new Response(links.join("\n"), { headers: { "content-type": "text/html" } });
}
