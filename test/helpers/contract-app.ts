/** The app that the tests of the contract build: it uses what deployment reads. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { nuaBuild, type Outcome } from "./binary.ts";
import { type Client, docker } from "./engine.ts";
import { indexSettings, startSite } from "./site.ts";

export const CONTRACT_APP = join(import.meta.dir, "../fixtures/contract-app");
export const CONTRACT_ID = "test-contract";
export const CONTRACT_TAG = `nua-${CONTRACT_ID}:1.10-2`;

export interface Workshop extends AsyncDisposable {
  folder: string;
  /** Empty but for the archives. */
  output: string;
  /** Empty when nothing is being built. */
  buildDir: string;
  build(app: string, flags?: string[], env?: Record<string, string>): Promise<Outcome>;
  /** What a shell line prints in an image, as root in "/". */
  sh(line: string, image?: string): Promise<string>;
  /** A field of an image, by a template of the engine's client. */
  inspect(image: string, format: string): Promise<string>;
}

/** Folders of its own, and a package index that builds reach. */
export async function openWorkshop(client: Client): Promise<Workshop> {
  const folder = await mkdtemp("/var/tmp/nua-build-test-");
  const site = startSite();
  const output = join(folder, "output");
  const buildDir = join(folder, "build");
  for (const path of [output, buildDir]) await mkdir(path);
  const settings = {
    ...(await indexSettings(client, site)),
    NUA_BUILD_DIR: buildDir,
    NUA_OUTPUT: output,
  };
  return {
    folder,
    output,
    buildDir,
    build: (app, flags = [], env = {}) =>
      nuaBuild([...flags, app], { client, env: { ...settings, ...env } }),
    sh: (line, image = CONTRACT_TAG) =>
      docker(client, "run", "--rm", "--workdir", "/", image, "bash", "-c", line),
    inspect: (image, template) => docker(client, "image", "inspect", "--format", template, image),
    [Symbol.asyncDispose]: async () => {
      site[Symbol.dispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
