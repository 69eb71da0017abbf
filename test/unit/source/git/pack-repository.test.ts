import {
  afterAll,
  beforeAll,
  beforeEach,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import { randomBytes } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "../../../../src/config/load-config.ts";
import { appSource } from "../../../../src/context/app-source.ts";
import { createReporter } from "../../../../src/session/reporter.ts";
import { createSession, type Session, withCredentials } from "../../../../src/session/session.ts";
import { loadSettings } from "../../../../src/session/settings.ts";
import { openSource } from "../../../../src/source/open-source.ts";
import { type GitServer, startGitServer } from "../../../helpers/git-server.ts";

// Each starts some dozens of programs, on a machine that may do other things.
setDefaultTimeout(60_000);

const PASSWORD = "pa55-w0rd-of-bob";

let base: string;
let server: GitServer;
const warnings: string[] = [];
const at = (...parts: string[]) => join(base, ...parts);

/** In a folder, as nobody in particular. */
function git(folder: string, ...words: string[]): string {
  const person = ["-c", "user.name=Ann", "-c", "user.email=ann@example.org"];
  const allowed = ["-c", "protocol.file.allow=always", "-c", "init.defaultBranch=main"];
  const command = ["git", ...person, ...allowed, ...words];
  const { stdout, stderr, success } = Bun.spawnSync(command, { cwd: at(folder), env: PLAIN });
  if (!success) throw new Error(`${words.join(" ")}: ${stderr}`);
  return stdout.toString().trim();
}

/** None of this machine's settings. */
const PLAIN = { PATH: process.env.PATH, GIT_CONFIG_NOSYSTEM: "1", HOME: "/nonexistent" };

function commit(folder: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(at(folder, name, ".."), { recursive: true });
    writeFileSync(at(folder, name), text);
  }
  git(folder, "add", "--all");
  git(folder, "commit", "--quiet", "--message", Object.keys(files).join(" "));
}

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), "nua-repository-"));
  for (const name of ["shared", "inner", "app"]) {
    mkdirSync(at("work", name), { recursive: true });
    git(`work/${name}`, "init", "--quiet");
  }
  mkdirSync(at("app"));
  mkdirSync(at("web"));
  const publish = (name: string) => {
    git(".", "clone", "--quiet", "--bare", at("work", name), at("web", `${name}.git`));
    git(`web/${name}.git`, "update-server-info");
  };
  commit("work/inner", { "inner.txt": "inner" });
  publish("inner");
  commit("work/shared", { "old.txt": "old" });
  git("work/shared", "submodule", "--quiet", "add", "../../web/inner.git", "deep/inner");
  const relative = '[submodule "deep/inner"]\n\tpath = deep/inner\n\turl = ../inner.git\n';
  commit("work/shared", { ".gitmodules": relative, "shared.txt": "shared" });
  publish("shared");
  commit("work/app", { "a.txt": "one" });
  git("work/app", "tag", "v1.0");
  commit("work/app", { "a.txt": "two", "ä b/c.txt": "c" });
  git("work/app", "tag", "--annotate", "--message", "x", "v1.1");
  commit("work/app", { "a.txt": "three" });
  git("work/app", "branch", "flat");
  git("work/app", "submodule", "--quiet", "add", "../../web/shared.git", "lib/shared");
  const module = '[submodule "lib/shared"]\n\tpath = lib/shared\n\turl = ../shared.git\n';
  commit("work/app", { ".gitmodules": module, "a.txt": "four" });
  git("work/app", "checkout", "--quiet", "-b", "other", "v1.0");
  commit("work/app", { "b.txt": "b" });
  git("work/app", "tag", "v9.9");
  git("work/app", "checkout", "--quiet", "main");
  publish("app");
  server = startGitServer(at("web"));
});
afterAll(() => {
  server[Symbol.dispose]();
  rmSync(base, { recursive: true });
});
beforeEach(() => {
  warnings.length = 0;
});

function session(settings: Record<string, string> = {}): Session {
  return createSession({
    settings: { ...loadSettings({ buildDir: at("build") }), ...settings },
    report: { ...createReporter(-1), warn: (text) => warnings.push(text) },
    signal: new AbortController().signal,
    engine: async () => ({}) as never,
  });
}

const neverElsewhere = () => Promise.reject(new Error("there is a git here"));

interface Taken {
  /** The unpacked source. */
  folder: string;
  sha256: string;
  commit: string | null;
  texts: (string | undefined)[];
}

/** What comes of a git-url, unpacked by the system's own tar. */
async function take(url: string, branch = "main", settings = {}): Promise<Taken> {
  const build = `git-url = "${url}"\ngit-branch = "${branch}"\n`;
  const metadata = 'id = "x"\nversion = "1"\ntitle = "t"\nauthor = "a"\n';
  writeFileSync(at("app/nua-config.toml"), `[metadata]\n${metadata}[build]\n${build}`);
  const loaded = await loadConfig(at("app"), { strict: true });
  const own = withCredentials(session(settings), loaded.credentials);
  await using source = await openSource(appSource(loaded), neverElsewhere, own);
  const folder = mkdtempSync(at("unpacked-"));
  Bun.spawnSync(["tar", "xf", source.archive!.file, "-C", folder]);
  return {
    folder: join(folder, source.archive!.top),
    sha256: source.archive!.sha256,
    commit: source.archive!.commit,
    texts: ["a.txt", "ä b/c.txt", "lib/shared/shared.txt"].map((path) => source.tree.text(path)),
  };
}

function inside(taken: Taken, ...words: string[]): string {
  const command = ["git", ...words];
  const { stdout, stderr } = Bun.spawnSync(command, { cwd: taken.folder, env: PLAIN });
  return `${stdout}${stderr}`.trim();
}

const head = (revision: string) => git("work/app", "rev-parse", `${revision}^{commit}`);

describe("what becomes of a repository", () => {
  test.each(["smart http", "a path", "a file: address", "a work tree"])("by %s", async (way) => {
    const url = {
      "smart http": `${server.url}app.git`,
      "a path": at("web/app.git"),
      "a file: address": `file://${at("web/app.git")}`,
      "a work tree": at("work/app"),
    }[way]!;
    if (way === "a work tree")
      cpSync(at("web/shared.git"), at("work/shared.git"), { recursive: true });
    if (way === "a work tree")
      cpSync(at("web/inner.git"), at("work/inner.git"), { recursive: true });
    const taken = await take(url);
    expect(taken.texts).toEqual(["four", "c", "shared"]);
    expect(taken.commit).toBe(head("main"));
    expect(inside(taken, "describe", "--tags", "--dirty", "--long")).toBe(
      `v1.1-2-g${head("main").slice(0, 7)}`,
    );
    expect(inside(taken, "status", "--porcelain")).toBe("");
    expect(inside(taken, "branch", "--show-current")).toBe("main");
    expect(inside(taken, "tag")).toBe("v1.0\nv1.1");
    expect(inside(taken, "log", "--format=%s", "--", "ä b")).toBe("a.txt ä b/c.txt");
    expect(inside(taken, "rev-list", "--count", "HEAD")).toBe("4");
    expect(readFileSync(join(taken.folder, "lib/shared/deep/inner/inner.txt"), "utf8")).toBe(
      "inner",
    );
    expect(inside(taken, "-C", "lib/shared", "status", "--porcelain")).toBe("");
    expect(inside(taken, "-C", "lib/shared", "rev-parse", "HEAD")).toBe(
      git("work/shared", "rev-parse", "HEAD"),
    );
  });

  test("by http from a server of plain files", async () => {
    using plain = startGitServer(at("web"), { isDumb: true });
    const taken = await take(`${plain.url}app.git`);
    expect(taken.texts).toEqual(["four", "c", "shared"]);
    expect(inside(taken, "describe", "--tags", "--dirty")).toStartWith("v1.1-2-g");
  });

  test.each<[string, () => string, string]>([
    ["a tag", () => "v1.0", "one"],
    ["an annotated tag", () => "v1.1", "two"],
    ["a branch", () => "flat", "three"],
    ["a commit", () => head("flat"), "three"],
    ["the beginning of a commit", () => head("v1.1").slice(0, 9), "two"],
  ])("of %s", async (_, revision, text) => {
    const taken = await take(`${server.url}app.git`, revision());
    expect(taken.texts[0]).toBe(text);
    expect(taken.commit).toBe(head(revision()));
    expect(inside(taken, "describe", "--tags", "--dirty")).not.toContain("dirty");
  });

  test("the same commit becomes the same bytes, in whatever way it was had", async () => {
    const smart = await take(`${server.url}app.git`, "flat");
    const again = await take(`${server.url}app.git`, "flat");
    using plain = startGitServer(at("web"), { isDumb: true });
    const dumb = await take(`${plain.url}app.git`, "flat");
    expect(again.sha256).toBe(smart.sha256);
    const config = (taken: Taken) => rmSync(join(taken.folder, ".git/config"));
    for (const taken of [smart, dumb]) config(taken);
    const diff = Bun.spawnSync(["diff", "-r", smart.folder, dumb.folder]);
    expect(diff.stdout.toString()).toBe("");
  });

  test("nothing of the machine is in it: no hooks, no logs, no paths", async () => {
    const taken = await take(at("web/app.git"));
    const found = Bun.spawnSync(["grep", "-rlF", base, taken.folder]).stdout.toString();
    expect(found).toBe("");
    const names = readdirSync(join(taken.folder, ".git"), { recursive: true }).map(String);
    const odd = names.filter((name) =>
      /(^|\/)(hooks|logs|FETCH_HEAD|ORIG_HEAD|description)$/.test(name),
    );
    expect(odd).toEqual([]);
  });

  test("a hook of the user's is not run, and a line is not converted", async () => {
    const settings = `[core]\n\thooksPath = ${at("hooks")}\n\tautocrlf = true\n`;
    mkdirSync(at("hooks"), { recursive: true });
    writeFileSync(at("hooks/post-checkout"), `#!/bin/sh\ntouch ${at("hooked")}\n`, { mode: 0o755 });
    writeFileSync(at("user.gitconfig"), settings);
    process.env.GIT_CONFIG_GLOBAL = at("user.gitconfig");
    try {
      const plain = await take(`${server.url}app.git`, "flat");
      expect(plain.texts[0]).toBe("three");
      expect(existsSync(at("hooked"))).toBe(false);
    } finally {
      delete process.env.GIT_CONFIG_GLOBAL;
    }
  });

  test("in a git hook, where variables name another repository", async () => {
    process.env.GIT_DIR = at("work/app/.git");
    process.env.GIT_INDEX_FILE = at("work/app/.git/index");
    try {
      expect((await take(`${server.url}app.git`, "flat")).texts[0]).toBe("three");
    } finally {
      delete process.env.GIT_DIR;
      delete process.env.GIT_INDEX_FILE;
    }
    expect(git("work/app", "status", "--porcelain", "--untracked-files=no")).toBe("");
  });

  test("of a repository without files but a folder", async () => {
    mkdirSync(at("work/single"));
    git("work/single", "init", "--quiet");
    commit("work/single", { "only/a.txt": "A" });
    const taken = await take(at("work/single"));
    expect(readdirSync(taken.folder).sort()).toEqual([".git", "only"]);
  });
});

describe("credentials", () => {
  test("in the address open it, and are nowhere", async () => {
    using closed = startGitServer(at("web"), { account: `bob:${PASSWORD}` });
    const url = `${closed.url.replace("://", `://bob:${PASSWORD}@`)}app.git`;
    const taken = await take(url, "flat");
    expect(taken.texts[0]).toBe("three");
    expect(inside(taken, "config", "remote.origin.url")).toBe(`${closed.url}app.git`);
    const found = Bun.spawnSync(["grep", "-rlF", PASSWORD, taken.folder]).stdout.toString();
    expect(found).toBe("");
  });

  test("of the user's credential helper do, too", async () => {
    using closed = startGitServer(at("web"), { account: `bob:${PASSWORD}` });
    const helper = `!printf 'username=bob\\npassword=${PASSWORD}\\n' #`;
    writeFileSync(
      at("user.gitconfig"),
      `[credential]\n\thelper = "${helper.replaceAll("\\", "\\\\")}"\n`,
    );
    process.env.GIT_CONFIG_GLOBAL = at("user.gitconfig");
    try {
      expect((await take(`${closed.url}app.git`, "flat")).texts[0]).toBe("three");
    } finally {
      delete process.env.GIT_CONFIG_GLOBAL;
    }
  });

  test("that are wrong or missing: nobody is asked, and no error has them", async () => {
    using closed = startGitServer(at("web"), { account: "bob:other" });
    for (const account of [`bob:${PASSWORD}@`, ""]) {
      const url = `${closed.url.replace("://", `://${account}`)}app.git`;
      const error = await take(url).then(
        () => undefined,
        (cause: Error) => cause,
      );
      expect(error).toMatchObject({ code: "input", step: "build.git-url" });
      expect(JSON.stringify([error?.message, error])).not.toContain(PASSWORD);
    }
  });

  test("are found for addresses that others stand in for", async () => {
    const rewrites = `https://git.example/=${server.url}`;
    const taken = await take("https://git.example/app.git", "flat", { rewrites });
    expect(taken.texts[0]).toBe("three");
    expect(inside(taken, "config", "remote.origin.url")).toBe("https://git.example/app.git");
  });
});

describe("a folder that stands in for an address", () => {
  const rewrites = () => `https://git.example/=file://${at("web")}/`;

  test("is read, with its submodules, and told of as the address", async () => {
    warnings.length = 0;
    const taken = await take("https://git.example/app.git", "flat", { rewrites: rewrites() });
    expect(taken.texts[0]).toBe("three");
    expect(inside(taken, "config", "remote.origin.url")).toBe("https://git.example/app.git");
    expect(warnings.join()).not.toContain(at("web"));
  });

  test.each(["https://git.example/../web/app.git", "https://git.example/x/.."])(
    "%s does not lead out of it",
    async (url) => {
      const taken = take(url, "HEAD", { rewrites: rewrites() });
      await expect(taken).rejects.toMatchObject({ code: "input" });
    },
  );
});

describe("refused", () => {
  test.each(["nowhere", "v8", "0123456789", `${"0123456789".repeat(4)}`])(
    "the revision %s",
    async (revision) => {
      await expect(take(`${server.url}app.git`, revision)).rejects.toMatchObject({
        code: "input",
        message: `Clone "${server.url}app.git": there is no branch, tag or commit "${revision}"`,
      });
    },
  );

  test("what is no repository", async () => {
    await expect(take(`${server.url}none.git`)).rejects.toMatchObject({ code: "input" });
    await expect(take(at("app"))).rejects.toMatchObject({ code: "input" });
  });

  test("a server that is not there, which may be another time", async () => {
    await expect(take("http://127.0.0.1:9/app.git")).rejects.toMatchObject({ code: "transient" });
  });

  test.each(["/etc", "file:///etc", "ext::sh -c 'touch hacked'"])(
    "a repository elsewhere whose submodule is at %s",
    async (place) => {
      const name = `bad-${place.replace(/\W/g, "")}`;
      mkdirSync(at("work", name));
      git(`work/${name}`, "init", "--quiet");
      commit(`work/${name}`, { a: "a" });
      git(`work/${name}`, "submodule", "--quiet", "add", at("web/inner.git"), "sub");
      const text = `[submodule "sub"]\n\tpath = sub\n\turl = ${place}\n`;
      commit(`work/${name}`, { ".gitmodules": text });
      git(".", "clone", "--quiet", "--bare", at("work", name), at("web", `${name}.git`));
      await expect(take(`${server.url}${name}.git`)).rejects.toMatchObject({ code: "input" });
      expect(existsSync("hacked")).toBe(false);
    },
  );

  test("one that is larger than it may be", async () => {
    mkdirSync(at("work/large"));
    git("work/large", "init", "--quiet");
    commit("work/large", { large: randomBytes(1e6).toString("base64") });
    await expect(take(at("work/large"), "main", { sourceLimit: "1" })).rejects.toMatchObject({
      code: "input",
      hint: "allow more with NUA_SOURCE_LIMIT, in MB",
    });
  });
});

test("repositories of this machine outside of the app's folder are told, submodules too", async () => {
  await take(at("web/app.git"));
  const told = warnings.map((text) => /takes "([^"]*)"/.exec(text)?.[1]);
  expect(told).toEqual(["app", "shared", "inner"].map((name) => at("web", `${name}.git`)));
  warnings.length = 0;
  await take(`${server.url}app.git`);
  expect(warnings).toEqual([]);
});

test("nothing is left behind", () => {
  expect(existsSync(at("build")) ? readdirSync(at("build")) : []).toEqual([]);
});
