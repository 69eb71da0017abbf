import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "../../../src/config/load-config.ts";
import { sourceStep } from "../../../src/steps/source.ts";
import { METADATA } from "../../helpers/config.ts";
import { sha256 } from "../../helpers/image-archive.ts";
import { Recorder, recordedSession } from "../../helpers/recorder.ts";
import { tarBytes } from "../../helpers/tar-bytes.ts";

const ARCHIVE = tarBytes([
  { name: "top/", type: "5" },
  { name: "top/main.py", content: "1\n" },
]);
const DIGEST = sha256(ARCHIVE);

let folder: string;
let server: ReturnType<typeof Bun.serve>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "nua-source-"));
  for (const name of ["app", "work"]) await mkdir(join(folder, name));
  await writeFile(join(folder, "app/here.tar"), ARCHIVE);
  await writeFile(join(folder, "app/app.py"), "2\n");
  server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response(ARCHIVE) });
});
afterAll(async () => {
  await server.stop(true);
  await rm(folder, { recursive: true });
});

/** What there is of the source, and what is left when it is disposed of. */
async function open(build: string, offline = false) {
  const root = join(folder, "app");
  await writeFile(join(root, "nua-config.toml"), `${METADATA}[build]\n${build}\n`);
  const settings = { buildDir: join(folder, "work"), offline: String(offline) };
  const engine = new Recorder();
  const { session } = recordedSession(engine, settings);
  try {
    await using source = await sourceStep.run(await loadConfig(root, { strict: true }), session);
    const { tree, archive } = source;
    return {
      ...{ main: tree.text("main.py"), own: tree.text("app.py"), sha256: archive?.sha256 },
      kept: (await readdir(join(folder, "work"))).length,
    };
  } catch (error) {
    return (error as { code: string }).code;
  } finally {
    expect(engine.calls).toEqual([]);
    expect(await readdir(join(folder, "work"))).toEqual([]);
  }
}

test("the app's folder is there already", async () => {
  expect(await open("")).toEqual({ main: undefined, own: "2\n", sha256: undefined, kept: 0 });
});

test("an archive is looked into wherever it is, and is there as long as it is needed", async () => {
  const opened = { main: "1\n", own: undefined, sha256: DIGEST, kept: 1 };
  expect(await open('src-url = "here.tar"')).toEqual(opened);
  expect(await open(`src-url = "${server.url}x.tar"`)).toEqual(opened);
});

test("nothing is left of one that is another than it should be, or cannot be had", async () => {
  const checksum = `src-checksum = "${"0".repeat(64)}"`;
  expect(await open(`src-url = "here.tar"\n${checksum}`)).toBe("input");
  expect(await open(`src-url = "${server.url}x.tar"`, true)).toBe("input");
  expect(await open('src-url = "none.tar"')).toBe("config");
});
