/**
 * Three apps, recorded where there is a network, and built where there is none: the same images,
 * to the byte, by each of the three builders. No packet tries to leave.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { type PackageIndex, startPackageIndex } from "../../bench/package-index.ts";
import { type Airgap, findDockerd, startAirgap } from "../helpers/airgap.ts";
import { BINARY, nuaBuild } from "../helpers/binary.ts";
import { testBuilder, testBuilders } from "../helpers/builders.ts";
import { askInside, type Client, docker } from "../helpers/engine.ts";

const ROOT = join(import.meta.dir, "../..");

/** What each answers, and one of its packages by each package manager that it uses. */
const APPS = [
  {
    folder: "examples/hello-python",
    tag: "nua-hello-python:1.0-1",
    http: { port: 8080, path: "/" },
    body: "Hello from Python\n",
    packages: [/^hello==/m],
  },
  {
    folder: "examples/hello-node",
    tag: "nua-hello-node:1.0-1",
    http: { port: 3000, path: "/" },
    body: "Hello from Node.js\n",
    packages: [/:express@5\.2\.1$/m],
  },
  {
    folder: "bench/flask-ten",
    tag: "nua-bench-flask-ten:1.0",
    http: { port: 8080, path: "/" },
    body: "Flask with 8 more modules\n",
    packages: [/^Flask==/m, /^SQLAlchemy==/m],
  },
];
const PATHS = APPS.map((app) => join(ROOT, app.folder));
const BASES = ["nua-builder", "nua-builder-nodejs20"];

const builders = testBuilders();
const recorder = testBuilder("buildx");

let folder: string;
let index: PackageIndex;
/** What was built with a network, by the name of the client. */
const connected = new Map<string, BuiltApp[]>();

beforeAll(async () => {
  folder = await mkdtemp("/var/tmp/nua-build-test-");
  await mkdir(join(folder, "contexts"));
  index = await startPackageIndex(join(folder, "index"), recorder.program);
  // One user, whose builders find what another one of theirs has downloaded.
  const env = {
    ...settings("connected"),
    NUA_PIP_INDEX: index.pipIndex,
    NUA_PIP_TRUSTED_HOST: index.pipHost,
  };
  const run = async (client: Client, ...argv: string[]) =>
    succeeded(await nuaBuild(argv, { client, env }));
  for (const client of builders) {
    const output = join(folder, `connected by ${client.name.replaceAll("/", " ")}`);
    const argv = ["--reproducible", "--json", "-o", `${output}/`];
    const { stdout } = await run(client, ...argv, ...PATHS);
    connected.set(client.name, await describeApps(client, stdout));
    await rm(output, { recursive: true });
  }
  await run(recorder, "bundle", "--no-bases", "--no-prove", "-o", bundle(), ...PATHS);
  await run(recorder, "bases", "save", ...BASES, "-o", bases());
}, 1_800_000);
afterAll(async () => {
  index?.[Symbol.dispose]();
  for (const { tag } of APPS) {
    await docker(recorder, "image", "rm", "--force", tag).catch(() => "");
  }
  await rm(folder, { recursive: true, force: true });
});

describe("without a network", () => {
  let gap: Airgap;
  beforeAll(async () => {
    gap = await startAirgap({
      folder: join(folder, "engine"),
      dockerd: findDockerd(),
      client: recorder,
    });
    succeeded(await runInside(gap, recorder, "bases", "load", bases()));
  });
  afterAll(() => gap?.[Symbol.asyncDispose]());

  test.each(builders)("and $name: the apps answer, and are the same to the byte", async (by) => {
    const client = { ...by, env: { ...by.env, DOCKER_HOST: gap.client.env.DOCKER_HOST! } };
    const output = `${folder}/replay/`;
    const argv = ["--bundle", bundle(), "--reproducible", "--json", "-o", output];
    const { stdout, stderr } = succeeded(await runInside(gap, by, ...argv));
    expect(stderr).toContain("offline: sealed");
    expect(await gap.leaving()).toBe(0);
    const built = await describeApps(client, stdout);
    for (const [at, { tag, http, body, packages }] of APPS.entries()) {
      expect({ tag, ...(await askInside(client, tag, http)) }).toEqual({ tag, status: 200, body });
      for (const one of packages) expect(built[at]!.versions).toMatch(one);
    }
    expect(built).toEqual(connected.get(by.name)!);
    await rm(output, { recursive: true });
  });

  test("no packet has tried to leave", async () => {
    expect(await gap.leaving()).toBe(0);
  });
});

// --- internal ---

interface BuiltApp {
  tag: string;
  /** Of Debian, Python and Node.js packages. */
  versions: string;
  /** SHA-256 of the archive, as stands beside it. */
  sha256: string;
}

const bundle = () => join(folder, "apps.bundle");
const bases = () => join(folder, "bases.tar");

/** Each run as if it were the first one of its user, unless it shares a user with others. */
function settings(user: string = crypto.randomUUID()): Record<string, string> {
  const state = join(folder, "state", user);
  return { NUA_BUILD_DIR: join(folder, "contexts"), XDG_STATE_HOME: state };
}

async function runInside(gap: Airgap, { program, env }: Client, ...argv: string[]) {
  const { DOCKER_HOST = "" } = gap.client.env;
  return gap.run([BINARY, ...argv], {
    env: { ...env, ...settings(), NUA_ENGINE: program, DOCKER_HOST },
  });
}

function succeeded<T extends { status: number; stderr: string }>(outcome: T): T {
  const { status, stderr } = outcome;
  expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
  return outcome;
}

/** Whatever stands in a folder of packages, also where no package manager is left. */
const LIST_VERSIONS = `dpkg-query -W
python3 -m pip list --format freeze
if [ -d node_modules ]; then npm ls --all --parseable --long; fi`;

/** @param stdout what the build of all apps has printed */
async function describeApps(client: Client, stdout: string): Promise<BuiltApp[]> {
  const { builds } = JSON.parse(stdout) as { builds: { tag: string; archive: { file: string } }[] };
  return Promise.all(
    APPS.map(async ({ tag }) => {
      const { archive } = builds.find((build) => build.tag === tag)!;
      // Without a network: pip and npm would ask whether there is a newer version of themselves.
      const words = ["--rm", "--network", "none", "--workdir", "/nua/build"];
      const argv = ["run", ...words, tag, "sh", "-c", LIST_VERSIONS];
      const [sum] = (await readFile(`${archive.file}.sha256`, "utf8")).split(" ");
      return { tag, versions: await docker(client, ...argv), sha256: sum! };
    }),
  );
}
