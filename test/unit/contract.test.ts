/**
 * What upstream gets wrong and this tool does better, by the numbers of the list of its defects:
 * those that need no engine. The others are in test/integration/contract.test.ts.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { loadConfig } from "../../src/config/load-config.ts";
import { ConfigError } from "../../src/config/problems.ts";
import { appSource } from "../../src/context/app-source.ts";
import { detectLanguages } from "../../src/languages/languages.ts";
import type { BuildPlan } from "../../src/plan/build-plan.ts";
import { PYTHON } from "../../src/protocol/layout.ts";
import { openFolder } from "../../src/source/open-source.ts";
import { readPlan } from "../../src/steps/plan-build.ts";
import { checkText, METADATA } from "../helpers/config.ts";
import { memoryTree } from "../helpers/memory-tree.ts";
import { script } from "./agent/facts.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nua-build-test-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The plan of an app with a configuration after METADATA, and other files. */
async function planOf(sections: string, files: Record<string, string> = {}): Promise<BuildPlan> {
  const root = mkdtempSync(join(folder, "app-"));
  for (const [name, text] of Object.entries({
    ...files,
    "nua-config.toml": `${METADATA}${sections}`,
  })) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  const loaded = await loadConfig(root, { strict: true });
  return readPlan(loaded, openFolder(appSource(loaded)));
}

function errorsOf(sections: string): string[] {
  try {
    checkText(`${METADATA}${sections}`, { strict: true });
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ message }) => message);
  }
}

const POSTGRES = '[[provider]]\nname = "db"\nmodule-name = "postgres"\n';

describe("10.3", () => {
  test.each([
    'builder = {name = "nodejs", version = "18"}',
    'builders = ["node-18", "node-20"]',
    'builder = "node_18"',
  ])("10.3: a builder has effect as text, table and list: %s", async (line) => {
    expect((await planOf(`[build]\n${line}\n`)).images.base).toStartWith("nua-nodejs18:");
  });
});

test("10.4: keys that upstream's model drops reach the agent and the context", async () => {
  const plan = await planOf(
    `[build]\nmanifest = ["app.py"]\ndocument-root = "/var/www"\nbuild-script = "app.py"
build-as-root = true\nbefore-build = "true"\n[run]\nstart-script = "app.py"\nbefore-run = "true"\n`,
    { "app.py": "" },
  );
  expect(plan.manifest).toEqual(["app.py"]);
  const commands = plan.layers.flatMap(({ actions }) => actions.flatMap((one) => one.commands));
  for (const command of [
    { kind: "make-folders", documentRoot: "/var/www" },
    { argv: ["bash", "-c", "true"], user: "root", from: { what: "build.before-build" } },
    { argv: [PYTHON, "app.py"], user: "root", from: { what: "build.build-script" } },
    { kind: "start-script", script: "app.py", beforeRun: ["true"] },
  ]) {
    expect(commands).toContainEqual(expect.objectContaining(command));
  }
});

test("10.5: a checksum with its algorithm is one that can verify", async () => {
  const sum = "AB".repeat(32);
  const plan = await planOf(
    `[build]\nsrc-url = "https://a.example/x"\nsrc-checksum = "sha256:${sum}"\n`,
  );
  expect(plan.source).toMatchObject({ sha256: sum.toLowerCase() });
});

test("10.6: without a version the newest is taken, and one that there is not is an error", async () => {
  const { config } = await planOf(
    `${POSTGRES}module-version = "<13"\n${POSTGRES.replace("db", "other")}`,
  );
  const images = config.provider?.map(({ build }) => build?.["base-image"]);
  expect(images).toEqual([expect.stringContaining("12.13"), expect.stringContaining("15.1")]);
  expect(errorsOf(`${POSTGRES}module-version = "14"\n`)).toEqual([]);
  expect(errorsOf(`${POSTGRES}module-version = ">99"\n`)[0]).toContain("no version of postgres");
});

test("10.7: a provider keeps its image beside a [build] table or in the wrong place", async () => {
  const { config } = await planOf(`${POSTGRES}[provider.build]\nlicense = "MIT"\n`);
  expect(config.provider?.[0]?.build).toMatchObject({
    license: "MIT",
    "base-image": expect.stringContaining("postgres"),
  });
  const misplaced = checkText(
    `${METADATA}[[provider]]\nname = "a"\ntype = "docker-image"\nbase-image = "redis:7"\n`,
  );
  expect(misplaced.config.provider?.[0]?.build?.["base-image"]).toBe("redis:7");
});

test("10.8: a sub-app has a tag of its own, which the main app names", async () => {
  const plan = await planOf('[[provider]]\nname = "side"\ntype = "app"\n');
  expect(plan.subApps).toEqual({ side: "nua-app-side:1.0" });
  expect(plan.config.provider?.[0]?.build?.["base-image"]).toBe("nua-app-side:1.0");
});

test("10.14: Node comes before Python, package.json alone is enough", () => {
  const namesOf = (files: Record<string, string>) =>
    detectLanguages(memoryTree(files)).map(({ name }) => name);
  const manifest = JSON.stringify({ dependencies: { react: "18" } });
  const both = { "requirements.txt": "", "package.json": manifest, "yarn.lock": "" };
  expect(namesOf(both)).toEqual(["node", "python"]);
  expect(namesOf({ "package.json": "{}" })).toEqual(["node"]);
});

describe("10.19", () => {
  test("10.19: a brace in a text that is not formatted harms nothing", async () => {
    const plan = await planOf('description = "a { b"\n[build]\ntest = "echo $HOME {x}"\n');
    const test = plan.layers.at(-1)?.actions.find(({ name }) => name === "test");
    expect(test?.commands[0]).toMatchObject({ argv: ["bash", "-c", "echo $HOME {x}"] });
  });
  test("10.19: where texts are formatted, a wrong name is an error with its place", () => {
    expect(errorsOf('[build]\nproject = "{verison}"\n')[0]).toContain('"verison" is not known');
  });
});

test("10.20: a wrong path is an error, and a project may be called nua", async () => {
  expect(loadConfig(join(folder, "nowhere"), { strict: true })).rejects.toThrow("no such file");
  const project = join(folder, "nua");
  mkdirSync(project);
  writeFileSync(join(project, "nua-config.toml"), METADATA);
  writeFileSync(join(project, "pyproject.toml"), "");
  expect((await loadConfig(project, { strict: true })).root).toBe(project);
});

test("10.21: options of volumes and backups keep their keys", () => {
  const volume = '[[volume]]\nname = "v"\ntarget = "/v"\n[volume.options]\nIdentityFile = "x"\n';
  const backup = '[backup]\nmethod = "tgz_volumes"\n[backup.options]\nMax_Age = 1\n';
  const { config } = checkText(`${METADATA}${backup}${volume}`, { strict: true });
  expect(config.volume?.[0]?.options).toEqual({ IdentityFile: "x" });
  expect(config.backup?.options).toEqual({ Max_Age: 1 });
});

describe("10.22 and 11.39", () => {
  test("10.22 11.39: a project's own Dockerfile is not taken for one of Nua's", async () => {
    const { dockerfile } = await planOf("", { Dockerfile: "FROM alpine\n" });
    expect(dockerfile).toMatchObject({ kind: "default", file: null });
  });
  test("10.22 11.39: unless it asks for a base of Nua's", async () => {
    const { dockerfile } = await planOf("", { Dockerfile: "ARG nua_builder_tag\nFROM x\n" });
    expect(dockerfile).toMatchObject({ kind: "package", file: "Dockerfile" });
  });
});

test("10.25: what is switched off in a selector is not true", () => {
  const { config } = checkText(`${METADATA}[env]\nA = {random = true, persistent = false}\n`);
  expect(config.env).toEqual({ A: { random: "True", persistent: "" } });
});

test("10.30: id, version, port and checksum are checked before the engine refuses them", () => {
  const messages = errorsOf(
    `[build]\nsrc-checksum = "${"z".repeat(64)}"\n[port.web]\ncontainer = 70000\n`,
  );
  expect(messages).toEqual([
    expect.stringContaining("port.web.container: expected a port"),
    expect.stringContaining("build.src-checksum: expected a SHA-256"),
  ]);
  const names = METADATA.replace('"app"', '"My App"').replace('"1.0"', '"1+?"');
  expect(() => checkText(names)).toThrow(/cannot be the name of an image[\s\S]*cannot be the tag/);
});

test("11.35: a file given by name is the one that is read; of two, none wins silently", async () => {
  const root = mkdtempSync(join(folder, "two-"));
  writeFileSync(join(root, "nua-config.json"), "{broken");
  writeFileSync(join(root, "nua-config.toml"), METADATA);
  const loaded = await loadConfig(join(root, "nua-config.toml"), { strict: true });
  expect(loaded.file).toEndWith("nua-config.toml");
  expect(loadConfig(root, { strict: true })).rejects.toThrow("nua-config.json and nua-config.toml");
});

test.each([
  ["toml", METADATA.replace('"1.0"', "1.10")],
  ["yaml", "metadata: {id: app, version: 1.10, title: App, author: Me}\n"],
  ["json", '{"metadata": {"id": "app", "version": 1.10, "title": "App", "author": "Me"}}'],
] as const)("11.36: version 1.10 keeps its zero in %s", (format, text) => {
  expect(checkText(text, { format }).config.metadata.version).toBe("1.10");
});

test("C1: a tag that Nua cannot order is a warning", () => {
  const { warnings } = checkText(METADATA.replace('"1.0"', '"latest"'), { strict: true });
  expect(warnings[0]?.message).toContain("has no order");
  expect(checkText(METADATA, { strict: true }).warnings).toEqual([]);
});

test("10.13: what pip gets is never read by a shell", () => {
  const work = { pipInstall: [{ item: "foo>=1.0", from: "build.pip-install" }] };
  expect(script("pip-install", {}, { work })?.join()).toContain("'foo>=1.0'");
});
