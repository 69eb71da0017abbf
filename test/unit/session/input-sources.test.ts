import { afterAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RecordInput } from "../../../src/airgap/record/record-input.ts";
import { ReplayInput } from "../../../src/airgap/replay/replay-input.ts";
import { DOCKERFILES } from "../../../src/assets.ts";
import { runsAgent } from "../../../src/dockerfile/dockerfile.ts";
import { lastStage, stagesThatRun } from "../../../src/dockerfile/images.ts";
import { formatMissing } from "../../../src/protocol/exchanges.ts";
import type { BuilderUse, InputSource } from "../../../src/session/input-source.ts";
import { NetworkInput, OfflineInput } from "../../../src/session/network-input.ts";
import { createReporter } from "../../../src/session/reporter.ts";
import { createSession } from "../../../src/session/session.ts";
import { loadSettings } from "../../../src/session/settings.ts";

const SHIPPED = DOCKERFILES["app.Dockerfile"]!;
const folder = mkdtempSync(join(tmpdir(), "nua-inputs-"));
afterAll(() => rmSync(folder, { recursive: true }));

const URL_HELD = "https://example.org/held.tar";
const exchange = {
  ...{ method: "GET", url: URL_HELD, accept: null, body: null, status: 200, headers: {} },
  ...{ content: "a".repeat(64), bytes: 1, client: "nua-build", wantedBy: "", detail: null },
};
writeFileSync(
  join(folder, "exchanges.json"),
  JSON.stringify({ version: 1, exchanges: [exchange] }),
);
const bundle = { index: "b".repeat(64), name: "app.bundle" };

const sources = {
  network: new NetworkInput(),
  offline: new OfflineInput(),
  recording: new RecordInput(join(folder, "fetched")),
  replay: new ReplayInput({ folder, bundle, held: [], isVerification: false }),
} satisfies Record<string, InputSource>;

const built: string[] = [];
const engine = {
  builder: async () => ({ builder: "buildx" }),
  build: async ({ result }: { result: { tag: string } }) => void built.push(result.tag),
  removeImage: async (tag: string) => void built.splice(built.indexOf(tag), 1),
};
const session = createSession({
  settings: loadSettings({ buildDir: join(folder, "build") }),
  report: createReporter(-1),
  signal: new AbortController().signal,
  engine: async () => engine as never,
});

const open = (name: keyof typeof sources, dockerfile: BuilderUse["dockerfile"] = "default") =>
  sources[name].open({ builder: "buildx", dockerfile, agentImage: "nua-builder:1" }, session);

test.each([
  ["network", undefined, true],
  ["offline", "none", true],
  ["recording", undefined, false],
  ["replay", "none", true],
] as const)("%s: the commands of a build get the network %s", async (name, network, isForImage) => {
  await using inputs = await open(name);
  expect(inputs).toMatchObject({ network, isForImage });
  expect(inputs.hint === undefined).toBe(network === undefined);
});

describe.each(["recording", "replay"] as const)("%s: a Dockerfile", (name) => {
  test("has no cache, and apt works in folders that are gone afterwards", async () => {
    const text = (await open(name)).dockerfile(SHIPPED);
    expect(text).not.toContain("type=cache");
    const lists = "source=/var/lib/apt/lists,target=/var/lib/apt/lists";
    const count = SHIPPED.split("id=nua-apt-lists").length;
    expect(text.split(`--mount=type=bind,rw,from=builder,${lists} \\\n`)).toHaveLength(count);
  });

  test.each([
    "RUN --mount=type=cache,target=/root/.cache app_builder",
    "RUN --mount=type=cache,id=x,sharing=locked,dst=/root/.cache,uid=1 app_builder",
  ])("has memory in place of the package's own cache: %s", async (line) => {
    await using inputs = await open(name, "package");
    const text = inputs.dockerfile(`FROM x\n${line}\n`);
    expect(text).toMatch(/^RUN .*--mount=type=tmpfs,target=\/root\/\.cache app_builder$/m);
    expect(text).not.toContain("type=cache");
  });

  test("of words without end is read quickly", async () => {
    const inputs = await open(name);
    const begin = performance.now();
    inputs.dockerfile(`RUN ${"--mount=type=cache,".repeat(50_000)}`);
    expect(performance.now() - begin).toBeLessThan(20_000);
  }, 600_000);
});

test.each(["network", "offline"] as const)("%s: a Dockerfile is as it is", async (name) => {
  expect((await open(name)).dockerfile(SHIPPED)).toBe(SHIPPED);
});

test("replay: the shipped Dockerfile mounts what goes into the build context", async () => {
  const inputs = await open("replay");
  expect(inputs.staged).toEqual([{ from: folder, to: "nua-inputs" }]);
  const mount = "--mount=type=bind,source=nua-inputs,target=/run/nua/inputs";
  const text = inputs.dockerfile(SHIPPED);
  expect(text.split(mount)).toHaveLength(SHIPPED.split(/^RUN /m).length);
});

test("replay: a package's COPY takes no inputs along: an image has them", async () => {
  const text = "FROM x\nCOPY . /nua/build\nRUN app_builder\nRUN echo done\n";
  {
    await using inputs = await open("replay", "package");
    expect(inputs).toMatchObject({ staged: [], images: built });
    const mount = `--mount=type=bind,from=${built[0]},target=/run/nua/inputs`;
    expect(inputs.dockerfile(text)).toBe(text.replace("RUN app", `RUN ${mount} app`));
  }
  expect(built).toEqual([]);
});

test("replay: what the agent says to be missing is told", async () => {
  const inputs = await open("replay");
  const missing = { method: "GET", url: "https://x.org/a", client: "pip", wantedBy: "k" } as const;
  inputs.onLine(`#8 1.2 ${formatMissing(missing)}`);
  inputs.onLine("done");
  expect(await inputs.unanswered()).toEqual([missing]);
});

test("what the agent's commands of any stage have read is handed out", () => {
  const text = `ARG nua_builder_tag
FROM debian AS tools
RUN echo app
FROM \${nua_builder_tag}
RUN <<END
app_builder
FROM nothing
END
RUN cd / && \\
    app_builder
RUN app_builder
FROM x
COPY --from=1 /nua /nua
`;
  const { stages, last } = stagesThatRun(text, runsAgent);
  expect([stages, last]).toEqual([["1"], "2"]);
  expect(lastStage(stages, { from: "/run/nua/capture", to: "/" })).toBe(
    "\nFROM scratch AS last\nCOPY --from=1 /run/nua/capture/ /\n",
  );
});

/** From where a file is taken that a configuration names; or why not. */
async function fetched(name: keyof typeof sources, url: string): Promise<string> {
  const target = join(folder, "target");
  writeFileSync(target, "x");
  let from = "";
  const download = async (held?: string) => {
    from = held ?? url;
    return { bytes: 1, sha256: "c".repeat(64) };
  };
  try {
    const isHere = !/^(https|git)\b/.test(url);
    await sources[name].fetch({ url, isHere, target, wantedBy: "build.src-url" }, download);
    return from;
  } catch (error) {
    return (error as Error).message;
  }
}

test.each([
  ["network", URL_HELD, URL_HELD],
  ["network", "a.tar", "a.tar"],
  ["offline", URL_HELD, `Fetch "${URL_HELD}": --offline forbids it`],
  ["offline", "a.tar", "a.tar"],
  ["replay", URL_HELD, `file://${folder}/blobs/${"a".repeat(64)}`],
  ["replay", "a.tar", "a.tar"],
  ["offline", "git+ssh://x.org/a@v1", 'Fetch "git+ssh://x.org/a@v1": --offline forbids it'],
  ["replay", "https://x.org/a", expect.stringContaining("https://x.org/a")],
  ["replay", "git+ssh://x.org/a@v1", expect.stringContaining("git+ssh://x.org/a@v1")],
] as const)("%s: %s is taken from %s", async (name, url, expected) => {
  expect(await fetched(name, url)).toEqual(expected as string);
});

test("recording: what was fetched is kept, as the request that it was and as a file", async () => {
  mkdirSync(join(folder, "kept"));
  const recording = new RecordInput(join(folder, "kept"));
  const target = join(folder, "fetched.tar");
  writeFileSync(target, "text");
  const sha256 = "d".repeat(64);
  const wanted = { url: URL_HELD, isHere: false, target, wantedBy: "build.src-url" };
  await recording.fetch(wanted, async () => ({ bytes: 4, sha256 }));
  expect(readdirSync(join(folder, "kept"))).toEqual([sha256]);
  expect(recording.exchanges).toMatchObject([{ url: URL_HELD, content: sha256, bytes: 4 }]);
  expect(readFileSync(recording.blobs.get(sha256)!.file, "utf8")).toBe("text");
});

test.each(["/etc/a.tar", "../a.tar", "./x/../../a.tar"])(
  "recording: %s is outside of the app's folder, which is all that the far side has",
  (file) => {
    const app = { namedFiles: [{ key: ["build", "src-url"], file }] } as never;
    expect(() => sources.recording.admit(app)).toThrow("outside of the app's folder");
    expect(() => sources.network.admit(app)).not.toThrow();
  },
);

test("what the engine would fetch is refused where there is no network", () => {
  const need = { kind: "base", attempt: "Build base", hint: "load it" } as const;
  expect(() => sources.network.ensureOnline(need)).not.toThrow();
  expect(() => sources.recording.ensureOnline(need)).not.toThrow();
  expect(() => sources.offline.ensureOnline(need)).toThrow("Build base: --offline forbids it");
  expect(() => sources.replay.ensureOnline(need)).toThrow(
    expect.objectContaining({ hint: expect.stringContaining("make the bundle anew") }),
  );
});
