/** Locks of Python's managers: what is in the image is what they pin, though the index has newer ones. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { nuaBuild } from "../helpers/binary.ts";
import { testBuilder } from "../helpers/builders.ts";
import { docker } from "../helpers/engine.ts";
import { indexSettings, sha256, startSite, tinyweb } from "../helpers/site.ts";

const client = testBuilder("embedded");
const site = startSite();
let folder: string;
let env: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp("/var/tmp/nua-build-test-");
  env = await indexSettings(client, site);
});
afterAll(async () => {
  site[Symbol.dispose]();
  await rm(folder, { recursive: true, force: true });
});

const WHEEL = "tinyweb-1.0-py3-none-any.whl";
const HASH = `sha256:${sha256(tinyweb("1.0"))}`;
const PROJECT = '[project]\nname = "app"\nversion = "1"\ndependencies = ["tinyweb>=1.0"]\n';
const POETRY =
  '[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\npython = ">=3.8"\ntinyweb = ">=1.0"\n';

/** By manager: its manifest and its lock. */
const LOCKS: Readonly<Record<string, (hash: string) => Record<string, string>>> = {
  uv: (hash) => ({
    "pyproject.toml": PROJECT,
    "uv.lock": `version = 1
[[package]]
name = "app"
version = "1"
source = { virtual = "." }
dependencies = [{ name = "tinyweb" }]
[[package]]
name = "tinyweb"
version = "1.0"
source = { registry = "https://pypi.org/simple" }
wheels = [{ url = "https://files.pythonhosted.org/packages/${WHEEL}", hash = "${hash}" }]
`,
  }),
  poetry: (hash) => ({
    "pyproject.toml": POETRY,
    "poetry.lock": `[[package]]
name = "tinyweb"
version = "1.0"
groups = ["main"]
files = [{file = "${WHEEL}", hash = "${hash}"}]
[metadata]
lock-version = "2.1"
`,
  }),
  pdm: (hash) => ({
    "pyproject.toml": PROJECT,
    "pdm.lock": `[metadata]
lock_version = "4.5.0"
[[package]]
name = "tinyweb"
version = "1.0"
groups = ["default"]
files = [{file = "${WHEEL}", hash = "${hash}"}]
`,
  }),
  pipenv: (hash) => ({
    Pipfile: '[packages]\ntinyweb = ">=1.0"\n',
    "Pipfile.lock": JSON.stringify({
      default: { tinyweb: { version: "==1.0", hashes: [hash] } },
    }),
  }),
  pylock: (hash) => ({
    "pyproject.toml": PROJECT,
    "pylock.toml": `lock-version = "1.0"
[[packages]]
name = "tinyweb"
version = "1.0"
wheels = [{ name = "${WHEEL}", url = "https://files.pythonhosted.org/packages/${WHEEL}", hashes = { sha256 = "${hash.slice(7)}" } }]
`,
  }),
};

async function build(manager: string, hash: string) {
  const id = `python-lock-${manager}`;
  const app = join(folder, `${id}-${hash.slice(7, 11)}`);
  const metadata = { id, version: "1.0", title: "Locked", author: "The Nua team" };
  const config = { metadata, run: { start: "python -m tinyweb" } };
  const files = { ...LOCKS[manager]!(hash), "nua-config.json": JSON.stringify(config) };
  for (const [name, text] of Object.entries(files)) await Bun.write(join(app, name), text);
  return nuaBuild(["--no-save", app], { client, env });
}

test.each(Object.keys(LOCKS))("what %s locked is installed", async (manager) => {
  expect(await build(manager, HASH)).toMatchObject({ status: 0 });
  const words = ["run", "--rm", `nua-python-lock-${manager}:1.0`, "pip", "freeze"];
  expect(await docker(client, ...words)).toContain("tinyweb==1.0");
});

test("what has another digest than the lock's ends the build", async () => {
  const { status, stderr } = await build("uv", `sha256:${"0".repeat(64)}`);
  expect(stderr).toContain("THESE PACKAGES DO NOT MATCH THE HASHES");
  expect(status).toBe(5);
});

test("a lock that does not fit is told, and an error with --frozen", async () => {
  const app = join(folder, "python-lock-stale");
  const metadata = { id: "python-lock-stale", version: "1.0", title: "Stale", author: "Nua" };
  const config = { metadata, run: { start: "python -m tinyweb" } };
  const files = {
    ...LOCKS.uv!(HASH),
    "pyproject.toml": PROJECT.replace(">=1.0", ">=1.2,<2"),
    "nua-config.json": JSON.stringify(config),
  };
  for (const [name, text] of Object.entries(files)) await Bun.write(join(app, name), text);
  const frozen = await nuaBuild(["--no-save", "--frozen", app], { client, env });
  expect(frozen.stderr).toContain('"tinyweb" is 1.0 in it');
  expect(frozen.status).toBe(4);
  const repaired = await nuaBuild(["--no-save", app], { client, env });
  expect(repaired.stderr).toContain("uv.lock does not fit pyproject.toml");
  expect(repaired.status).toBe(0);
  const words = ["run", "--rm", "nua-python-lock-stale:1.0", "pip", "freeze"];
  expect(await docker(client, ...words)).toContain("tinyweb==1.2");
});
