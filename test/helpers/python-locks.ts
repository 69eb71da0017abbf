/** An app of each of Python's managers, with a lock that pins what is not the newest of the index. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Client, docker } from "./engine.ts";
import type { AppKind } from "./sealed.ts";
import { sha256, tinyweb } from "./site.ts";

const WHEEL = "tinyweb-1.0-py3-none-any.whl";
export const HASH = `sha256:${sha256(tinyweb("1.0"))}`;
export const PROJECT = '[project]\nname = "app"\nversion = "1"\ndependencies = ["tinyweb>=1.0"]\n';
const POETRY =
  '[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\npython = ">=3.8"\ntinyweb = ">=1.0"\n';

/** By manager: its manifest and its lock. */
export const LOCKS: Readonly<Record<string, (hash: string) => Record<string, string>>> = {
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

/** @returns the folder */
export function writePythonApp(manager: string, folder: string, hash = HASH): string {
  const metadata = { id: `python-lock-${manager}`, version: "1.0", title: "Locked", author: "Nua" };
  const config = { metadata, run: { start: "python -m tinyweb" } };
  const files = { ...LOCKS[manager]!(hash), "nua-config.json": JSON.stringify(config) };
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

export const PYTHON_APPS: AppKind = {
  write: writePythonApp,
  tagOf: (manager) => `nua-python-lock-${manager}:1.0`,
  locked: ["tinyweb==1.0"],
  async installed(client: Client, tag: string) {
    const words = ["run", "--rm", "--network", "none", tag, "pip", "freeze"];
    const lines = (await docker(client, ...words)).split("\n");
    return lines.filter((line) => line.startsWith("tinyweb"));
  },
};
