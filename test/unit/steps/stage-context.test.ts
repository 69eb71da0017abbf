import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packApp } from "../../../src/airgap/bundle/pack-app.ts";
import { unpackApp } from "../../../src/airgap/bundle/unpack-app.ts";
import { loadConfig } from "../../../src/config/load-config.ts";
import { bundlePaths } from "../../../src/context/context-trees.ts";
import type { BuilderKind } from "../../../src/engine/builder-kind.ts";
import { NuaError } from "../../../src/lib/errors.ts";
import { partStem } from "../../../src/runs/own-names.ts";
import { createReporter } from "../../../src/session/reporter.ts";
import type { Session } from "../../../src/session/session.ts";
import { createTakeRules } from "../../../src/source/take-rules.ts";
import { planBuildStep } from "../../../src/steps/plan-build.ts";
import { sourceStep } from "../../../src/steps/source.ts";
import { type StagedContext, stageContextStep } from "../../../src/steps/stage-context.ts";
import { Recorder, recordedSession } from "../../helpers/recorder.ts";
import { tarBytes } from "../../helpers/tar-bytes.ts";

const { signal } = new AbortController();
const VICTIM = "of somebody else\n";

let base: string;
let warnings: string[];
const at = (...parts: string[]) => join(base, ...parts);

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "nua-context-"));
  warnings = [];
  for (const folder of ["app/deep/1/2/3", "victims/folder", "build"]) {
    mkdirSync(at(folder), { recursive: true });
  }
  writeFileSync(at("victims/file"), VICTIM);
});
afterEach(() => rmSync(base, { recursive: true }));

/** An engine that is only asked how it builds. */
function sessionFor(builder: BuilderKind): Session {
  const report = { ...createReporter(-1), warn: (text: string) => warnings.push(text) };
  const settings = { buildDir: at("build") };
  return recordedSession(new Recorder({ builder }), settings, { report }).session;
}

function configText(build: string): string {
  return `[metadata]\nid = "x"\nversion = "1"\ntitle = "t"\nauthor = "a"\n[build]\n${build}\n[run]\nstart = "true"\n`;
}

/** Where it differs from what is right, in words; or the error. */
async function stage(root: string, builder: BuilderKind): Promise<string> {
  try {
    const session = sessionFor(builder);
    const loaded = await loadConfig(root, { strict: false });
    await using source = await sourceStep.run(loaded, session);
    const plan = await planBuildStep.run({ loaded, source }, session);
    await using context = await stageContextStep.run({ loaded, plan, source }, session);
    return listFaults(context).join("; ");
  } catch (error) {
    if (error instanceof NuaError) return error.code;
    throw error;
  }
}

const GENERATED = ["Dockerfile", ".dockerignore", "nua-config.json", "nua-agent.json"];

function listFaults({ folder }: StagedContext): string[] {
  const files = GENERATED.filter((name) => {
    const info = lstatSync(join(folder, name), { throwIfNoEntry: false });
    return !info?.isFile() || info.nlink !== 1 || (info.mode & 0o7777) !== 0o644;
  });
  const folders = ["nua", "nua-layers"].filter((name) => {
    const info = lstatSync(join(folder, name), { throwIfNoEntry: false });
    return info !== undefined && !info.isDirectory();
  });
  return [...files, ...folders].map((name) => `${name} is not what was written`);
}

/** All that a build must not change, and what it must not leave. */
function outside(): string {
  const victims = readdirSync(at("victims"), { recursive: true }).sort().join();
  return [victims, readFileSync(at("victims/file"), "utf8"), readdirSync(at("build"))].join("|");
}

const NAMES = [
  ...[...GENERATED, "Dockerfile.dockerignore", "nua-layers", "nua-source"],
  ...["nua-inputs", "nua"],
];
const KINDS: Record<string, (path: string) => void> = {
  "a link to a file": (path) => symlinkSync(at("victims/file"), path),
  "a dangling link": (path) => symlinkSync(at("victims/new"), path),
  "a dangling link by way of folders": (path) =>
    symlinkSync(`nua/${"../".repeat(40)}${at("victims/new").slice(1)}`, path),
  "a link to a folder": (path) => symlinkSync(at("victims/folder"), path),
  "a hard link": (path) => Bun.spawnSync(["ln", at("victims/file"), path]),
  "a folder of links": (path) => {
    mkdirSync(path);
    for (const name of ["dependencies", "packages", "nua-agent.json", "Dockerfile"]) {
      symlinkSync(at("victims/folder"), join(path, name));
    }
  },
};
const BUILDS = {
  "all of the folder": "",
  "the name in build.manifest": 'manifest = ["NAME", "requirements.txt"]',
  "a path below it": 'manifest = ["NAME/Dockerfile", "requirements.txt"]',
};

describe.each(NAMES)("%s in the app's folder", (name) => {
  describe.each(Object.keys(KINDS))("%s", (kind) => {
    test.each(Object.entries(BUILDS))("taken as %s", async (_, build) => {
      writeFileSync(at("app/nua-config.toml"), configText(build.replace("NAME", name)));
      writeFileSync(at("app/requirements.txt"), "flask\n");
      if (name !== "nua") symlinkSync("deep/1/2/3", at("app/nua"));
      KINDS[kind]!(at("app", name));
      const before = outside();
      for (const builder of ["buildx", "legacy"] as const) {
        expect(["", "input", "config"]).toContain(await stage(at("app"), builder));
        expect(outside()).toBe(before);
      }
    });
  });
});

test("the same app out of a bundle changes nothing outside either", async () => {
  writeFileSync(at("app/nua-config.toml"), configText('manifest = [".dockerignore", "."]'));
  for (const name of NAMES.slice(1)) symlinkSync(`deep/${"../".repeat(40)}none`, at("app", name));
  symlinkSync(at("victims/new"), at("app/Dockerfile"));
  rmSync(at("app/nua"));
  const file = at("app/nua-config.toml");
  const loaded = { root: at("app"), config: {}, fields: {}, file, manifests: [] };
  rmSync(at("app/.dockerignore"));
  rmSync(at("app/nua-config.json"));
  const plan = { manifest: [], layers: [], needed: [], agent: null };
  const taken = bundlePaths([
    { loaded: { ...loaded, fields: { srcUrl: "", gitUrl: "", project: "" } }, plan } as never,
  ]);
  const rules = createTakeRules(loaded.root, taken);
  mkdirSync(at("blobs"));
  const packed = await packApp({
    ...{ root: at("app"), file: loaded.file, tag: "x", folder: at("blobs"), rules, signal },
  });
  await unpackApp(packed.blob.file, at("unpacked"), {
    limits: { bytes: 1e6, files: 100 },
    signal,
  });
  symlinkSync(at("victims/new"), at("unpacked/.dockerignore"));
  const before = outside();
  expect(["", "input", "config"]).toContain(await stage(at("unpacked"), "legacy"));
  expect(outside()).toBe(before);
});

test("a requirements file cannot bring the agent's input: no file of that name is the app's", async () => {
  writeFileSync(at("app/nua-config.toml"), configText(""));
  writeFileSync(at("app/requirements.txt"), "-r nua-agent.json\n");
  writeFileSync(at("app/nua-agent.json"), "flask\n");
  expect(await stage(at("app"), "buildx")).toBe("");
  expect(readFileSync(at("app/nua-agent.json"), "utf8")).toBe("flask\n");
});

test("what build.manifest names is not opened for writing", async () => {
  const own = { Dockerfile: "FROM my-precious\n", ".dockerignore": "*.log\n", "server.js": "x\n" };
  writeFileSync(
    at("app/nua-config.toml"),
    configText(`manifest = ${JSON.stringify(Object.keys(own))}\nbuild = ["true"]`),
  );
  for (const [name, text] of Object.entries(own)) writeFileSync(at("app", name), text);
  expect(await stage(at("app"), "buildx")).toBe("");
  for (const [name, text] of Object.entries(own)) {
    expect(readFileSync(at("app", name), "utf8")).toBe(text);
  }
});

test.each(["Dockerfile", "nua/Dockerfile", ".dockerignore", "nua-config.json"])(
  "a pipe named %s is an error, and nothing waits for it",
  async (name) => {
    mkdirSync(at("app/nua"));
    if (name !== "nua-config.json") writeFileSync(at("app/nua-config.toml"), configText(""));
    Bun.spawnSync(["mkfifo", at("app", name)]);
    expect(await stage(at("app"), "buildx")).toBe("input");
  },
);

test("a pipe of any other name is left out, and named", async () => {
  writeFileSync(at("app/nua-config.toml"), configText(""));
  for (const name of ["requirements.txt", "deep/.npmrc"]) {
    Bun.spawnSync(["mkfifo", at("app", name)]);
  }
  expect(await stage(at("app"), "buildx")).toBe("");
  expect(warnings.join()).toContain('Left out "requirements.txt": it is a named pipe');
  expect(warnings.join()).toContain('Left out "deep/.npmrc": it is a named pipe');
});

test("links that leave the folder are kept, and named", async () => {
  writeFileSync(at("app/nua-config.toml"), configText('build = ["true"]'));
  symlinkSync(at("victims/file"), at("app/absolute"));
  symlinkSync("../victims/file", at("app/relative"));
  symlinkSync("absolute", at("app/by-another"));
  symlinkSync("deep", at("app/inside"));
  expect(await stage(at("app"), "buildx")).toBe("");
  const text = warnings.join("\n");
  for (const name of ["absolute", "relative", "by-another"]) {
    expect(text).toContain(`"${name}" is kept as a link`);
  }
  expect(text).not.toContain('"inside"');
});

test.each([
  ["build.manifest", 'manifest = ["way/file"]', "config"],
  ["build.project", 'project = "way"', "config"],
  ["build.src-url", 'src-url = "way"', "input"],
  ["build.build-script", 'build-script = "way/file"', "config"],
])("%s does not lead out of the folder through a link", async (_, build, code) => {
  writeFileSync(at("app/nua-config.toml"), configText(build));
  symlinkSync(at("victims"), at("app/way"));
  expect(await stage(at("app"), "buildx")).toBe(code);
});

test("a file that may not be read, a path that is too long: errors of the input", async () => {
  writeFileSync(at("app/nua-config.toml"), configText('build = ["true"]'));
  const long = "x".repeat(250);
  // Deeper than paths may be from the top.
  const script = `cd "$0"; for n in $(seq 20); do mkdir ${long}; cd ${long}; done; echo > file`;
  Bun.spawnSync(["bash", "-c", script, at("app")]);
  expect(await stage(at("app"), "buildx")).toBe("input");
  Bun.spawnSync(["rm", "-rf", at("app", long)]);
});

test("an archive of nua-build's in the folder is no part of the app", async () => {
  writeFileSync(at("app/nua-config.toml"), configText('build = ["true"]'));
  const header = Buffer.alloc(1024);
  header.write(`${"a".repeat(64)}.tar`);
  header.write("0000644\0", 100);
  for (const field of [108, 116]) header.write("0000000\0", field);
  header.write("00000000000\0", 136);
  header.write("ustar\x0000", 257);
  writeFileSync(at("app/nua-x:1.tar"), header);
  writeFileSync(at("app/nua-x:1.tar.sha256"), "");
  writeFileSync(at("app/old.tar.gz"), Bun.gzipSync(header));
  writeFileSync(at("app/image"), Buffer.concat([header, Buffer.alloc(1024 * 1024)]));
  writeFileSync(`${partStem(at("app/nua-x:1.tar"))}.0.part`, "");
  writeFileSync(at("app/parts.tar.001"), header);
  writeFileSync(at("app/parts.tar.002"), "");
  writeFileSync(at("app/notes.tar"), "no archive");
  const session = sessionFor("buildx");
  const loaded = await loadConfig(at("app"), { strict: false });
  await using source = await sourceStep.run(loaded, session);
  const plan = await planBuildStep.run({ loaded, source }, session);
  await using context = await stageContextStep.run({ loaded, plan, source }, session);
  const names = readdirSync(context.folder).filter((name) => !/^(nua|Docker|\.docker)/.test(name));
  expect(names.sort()).toEqual(["deep", "notes.tar"]);
  expect(existsSync(join(context.folder, "nua-x:1.tar"))).toBe(false);
});

test("only what installers have marked is left out of node_modules", async () => {
  writeFileSync(at("app/nua-config.toml"), configText('build = ["true"]'));
  const put = (path: string) => {
    mkdirSync(at("app", path, ".."), { recursive: true });
    writeFileSync(at("app", path), "");
  };
  put("node_modules/own/index.js");
  symlinkSync("../deep", at("app/node_modules/linked"));
  put("web/node_modules/.yarn-integrity");
  put("web/node_modules/left/index.js");
  put("web/packages/a/node_modules/left/index.js");
  put("pnpm/node_modules/.modules.yaml");
  put("venv/pyvenv.cfg");
  put(".venv/is-source");
  const session = sessionFor("legacy");
  const loaded = await loadConfig(at("app"), { strict: false });
  await using source = await sourceStep.run(loaded, session);
  const plan = await planBuildStep.run({ loaded, source }, session);
  await using context = await stageContextStep.run({ loaded, plan, source }, session);
  const has = (path: string) =>
    lstatSync(join(context.folder, path), { throwIfNoEntry: false }) !== undefined;
  const there = ["node_modules/own/index.js", "node_modules/linked", ".venv/is-source", "web"];
  const gone = ["web/node_modules", "web/packages/a/node_modules", "pnpm/node_modules", "venv"];
  expect(there.filter((path) => !has(path))).toEqual([]);
  expect(gone.filter(has)).toEqual([]);
});

test("what .dockerignore leaves out is left out, but for what the build needs", async () => {
  writeFileSync(at("app/nua-config.toml"), configText(""));
  writeFileSync(at("app/.dockerignore"), "*\n!src\nsrc/*.log\n!.env\n");
  writeFileSync(at("app/requirements.txt"), "flask\n");
  mkdirSync(at("app/src"));
  for (const name of ["app.py", "a.log", ".env"]) writeFileSync(at("app/src", name), "");
  for (const name of ["other", ".env", ".npmrc"]) writeFileSync(at("app", name), "");
  mkdirSync(at("app/nua"));
  writeFileSync(at("app/nua/start.py"), "");
  const session = sessionFor("buildx");
  const loaded = await loadConfig(at("app"), { strict: false });
  await using source = await sourceStep.run(loaded, session);
  const plan = await planBuildStep.run({ loaded, source }, session);
  await using context = await stageContextStep.run({ loaded, plan, source }, session);
  expect(statSync(join(context.folder, ".dockerignore")).size).toBe(0);
  const names = readdirSync(context.folder, { recursive: true }).map(String);
  const own = names.filter((name) => !/^(nua-|Dockerfile|\.dockerignore)/.test(name)).sort();
  expect(own).toEqual([".env", "nua", "nua/start.py", "requirements.txt", "src", "src/app.py"]);
});

test("a layer of dependencies has its files out of the source's archive", async () => {
  const files = [
    { name: "x-1.0/requirements.txt", content: "-r more.txt\n" },
    { name: "x-1.0/more.txt", content: "flask\n" },
    { name: "x-1.0/app.py", content: "" },
  ];
  writeFileSync(at("app/src.tar"), tarBytes(files));
  writeFileSync(at("app/nua-config.toml"), configText('src-url = "src.tar"'));
  const session = sessionFor("buildx");
  const loaded = await loadConfig(at("app"), { strict: false });
  await using source = await sourceStep.run(loaded, session);
  const plan = await planBuildStep.run({ loaded, source }, session);
  await using context = await stageContextStep.run({ loaded, plan, source }, session);
  const layer = join(context.folder, "nua-layers/dependencies");
  const names = readdirSync(layer, { recursive: true }).map(String).sort();
  expect(names).toEqual(["nua-agent.json", "x", "x/more.txt", "x/requirements.txt"]);
  expect(readFileSync(join(layer, "x/more.txt"), "utf8")).toBe("flask\n");
  const staged = readFileSync(join(context.folder, "nua-source"));
  expect(staged.equals(tarBytes(files))).toBe(true);
});
