/** Sources that are git repositories, from the repository to the image. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { nuaBuild } from "../helpers/binary.ts";
import { testBuilder } from "../helpers/builders.ts";
import { docker, gatewayOf } from "../helpers/engine.ts";
import { type GitServer, startGitServer } from "../helpers/git-server.ts";
import { indexSettings, startSite } from "../helpers/site.ts";

const client = testBuilder("buildx");

let folder: string;
let server: GitServer;
const at = (...parts: string[]) => join(folder, ...parts);

function git(where: string, ...words: string[]): string {
  const person = ["-c", "user.name=Ann", "-c", "user.email=ann@example.org"];
  const allowed = ["-c", "protocol.file.allow=always", "-c", "init.defaultBranch=main"];
  const command = ["git", ...person, ...allowed, ...words];
  const { stdout, stderr, success } = Bun.spawnSync(command, { cwd: at(where) });
  if (!success) throw new Error(`${words.join(" ")}: ${stderr}`);
  return stdout.toString().trim();
}

function commit(where: string, name: string, text: string): void {
  writeFileSync(at(where, name), text);
  git(where, "add", "--all");
  git(where, "commit", "--quiet", "--message", name);
}

beforeAll(async () => {
  folder = await mkdtemp("/var/tmp/nua-build-test-");
  for (const name of ["web", "sub", "main"]) mkdirSync(at(name));
  git("sub", "init", "--quiet");
  commit("sub", "sub.txt", "of the submodule\n");
  git("web", "clone", "--quiet", "--bare", at("sub"), "sub.git");
  git("main", "init", "--quiet");
  commit("main", "a.txt", "a\n");
  git("main", "tag", "v2.3.4");
  git("main", "submodule", "--quiet", "add", at("web/sub.git"), "sub");
  commit("main", ".gitmodules", '[submodule "sub"]\n\tpath = sub\n\turl = ../sub.git\n');
  git("web", "clone", "--quiet", "--bare", at("main"), "app.git");
  server = startGitServer(at("web"), { hostname: "0.0.0.0" });
});
afterAll(async () => {
  server[Symbol.dispose]();
  await rm(folder, { recursive: true, force: true });
});

async function writeApp(id: string): Promise<string> {
  const { port } = new URL(server.url);
  const metadata = { id, version: "1.0", title: "Git", author: "The Nua team" };
  const build = {
    "git-url": `http://${await gatewayOf(client)}:${port}/app.git`,
    build: ["git describe --tags --dirty >version.txt", "git status --porcelain >>version.txt"],
  };
  const config = { metadata, build, run: { start: "cat version.txt sub/sub.txt" } };
  await Bun.write(at(id, "nua-config.json"), JSON.stringify(config));
  return at(id);
}

async function printed(id: string): Promise<string> {
  return (await docker(client, "run", "--rm", `nua-${id}:1.0`)).trim();
}

test("tags and submodules are as in a clone, and an unchanged commit is not built again", async () => {
  const app = await writeApp("git-host");
  const words = ["--no-save", app];
  const first = await nuaBuild(words, { client });
  expect(first).toMatchObject({ status: 0 });
  const text = await printed("git-host");
  expect(text).toStartWith(`v2.3.4-1-g${git("main", "rev-parse", "HEAD").slice(0, 7)}\n`);
  expect(text).toEndWith("of the submodule");
  const second = await nuaBuild(words, { client });
  expect(second.stderr).toContain("Nothing has changed since nua-git-host:1.0 was built");
  commit("main", "a.txt", "changed\n");
  git("main", "push", "--quiet", at("web/app.git"), "main");
  const third = await nuaBuild(words, { client });
  expect(third.stderr).not.toContain("Nothing has changed");
  expect(await printed("git-host")).toStartWith("v2.3.4-2-g");
});

test("where this machine has no git, a container gets one", async () => {
  const app = await writeApp("git-container");
  const programs = at("programs");
  mkdirSync(programs);
  const known = new Set<string>();
  for (const place of (process.env.PATH ?? "").split(":")) {
    for (const name of listed(place)) {
      if (/^git/.test(name) || known.has(name)) continue;
      known.add(name);
      symlinkSync(join(place, name), join(programs, name));
    }
  }
  const { status, stderr } = await nuaBuild(["--no-save", app], {
    client,
    env: { PATH: programs },
  });
  expect({ status, stderr }).toMatchObject({ status: 0 });
  expect(stderr).toContain("Get git into a container");
  expect(await printed("git-container")).toEndWith("of the submodule");
});

test("a bundle holds one archive for it, and needs no repository", async () => {
  const app = await writeApp("git-bundle");
  const bundle = at("app.nua");
  const made = await nuaBuild(["bundle", app, "-o", bundle], { client });
  expect(made).toMatchObject({ status: 0 });
  const { stdout } = await nuaBuild(["bundle", "inspect", "--json", bundle]);
  const items: { kind: string; version: string }[] = JSON.parse(stdout).items;
  const version = git("web/app.git", "rev-parse", "main");
  expect(items.filter(({ kind }) => kind === "git")).toMatchObject([{ version }]);
  await rename(at("web/app.git"), at("web/gone.git"));
  try {
    const built = await nuaBuild(["--no-save", "--bundle", bundle], { client });
    expect(built).toMatchObject({ status: 0 });
    expect(await printed("git-bundle")).toEndWith("of the submodule");
  } finally {
    await rename(at("web/gone.git"), at("web/app.git"));
  }
});

test("what it depends on gets a layer of its own, made from its lock files alone", async () => {
  using site = startSite();
  for (const [name, text] of Object.entries({
    "requirements.txt": "tinyweb==1.0\n",
    "app.py": "import tinyweb\nprint(tinyweb.LINE)\n",
  })) {
    await Bun.write(at("python", name), text);
  }
  git("python", "init", "--quiet");
  git("python", "add", "--all");
  git("python", "commit", "--quiet", "--message", "First");
  const metadata = { id: "git-layers", version: "1.0", title: "Git", author: "The Nua team" };
  const config = { metadata, build: { "git-url": at("python") }, run: { start: "python app.py" } };
  await Bun.write(at("layers", "nua-config.json"), JSON.stringify(config));
  const env = await indexSettings(client, site);
  const { stdout } = await nuaBuild(["plan", "--json", at("layers")], { client, env });
  const files = JSON.parse(stdout).layers.map((layer: { files: string[] | null }) => layer.files);
  expect(files).toEqual([["python/requirements.txt"], null]);
  const built = await nuaBuild(["--no-save", at("layers")], { client, env });
  expect(built).toMatchObject({ status: 0 });
  expect(await printed("git-layers")).toBe("b'tinyweb 1.0\\n'");
  writeFileSync(at("python/app.py"), "import tinyweb\nprint('changed', tinyweb.LINE)\n");
  git("python", "commit", "--quiet", "--all", "--message", "Second");
  const again = await nuaBuild(["--no-save", "--explain-cache", at("layers")], { client, env });
  expect(again.stderr).toMatch(/dependencies.*reused/);
  expect(await printed("git-layers")).toStartWith("changed");
});

// --- internal ---

function listed(place: string): string[] {
  try {
    return readdirSync(place);
  } catch {
    return [];
  }
}
