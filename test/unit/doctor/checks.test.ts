import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { $ } from "zx";
import { checkAddresses } from "../../../src/doctor/check-addresses.ts";
import { checkFree, checkPlaces } from "../../../src/doctor/check-places.ts";
import type { Finding } from "../../../src/doctor/finding.ts";
import { createReporter } from "../../../src/reporter.ts";
import { loadSettings, type Settings } from "../../../src/settings.ts";
import { createWorld } from "../../../src/world.ts";

let folder: string;
const servers: { stop(): unknown }[] = [];
const proxies = ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"] as const;
const kept = proxies.map((name) => [name, process.env[name]] as const);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nua-doctor-"));
  for (const name of proxies) delete process.env[name];
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  for (const server of servers) server.stop();
  for (const [name, value] of kept) if (value !== undefined) process.env[name] = value;
});

function serve(respond: () => Response): string {
  const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: respond });
  servers.push(server);
  return `http://127.0.0.1:${server.port}`;
}

async function examine(settings: Partial<Settings>): Promise<Finding[]> {
  const world = createWorld({
    settings: loadSettings({ ca: "", ...settings }, { HOME: folder }),
    report: createReporter(-1),
    signal: new AbortController().signal,
  });
  // What the administrator of this machine added is not the test's.
  return (await checkAddresses(world)).filter(
    ({ name }) => name !== "certificates" || settings.ca !== undefined,
  );
}

async function certificate(days: string): Promise<string> {
  const file = join(folder, `ca${days}.pem`);
  await $({ quiet: true })`openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
    -nodes -keyout /dev/null -subj /CN=nua-test -days ${days} -out ${file}`;
  return file;
}

test("a mirror that answers is fine, whatever it says of that page", async () => {
  const pipIndex = serve(() => new Response("", { status: 404 }));
  expect(await examine({ pipIndex })).toEqual([
    { name: "pip index", status: "ok", detail: `${pipIndex}/` },
  ]);
});

test.each([500, 403, 407])("one that answers %d is not", async (status) => {
  const npmRegistry = serve(() => new Response("", { status }));
  const [found] = await examine({ npmRegistry });
  expect(found).toMatchObject({ name: "npm registry", status: "fail" });
  expect(found!.detail).toContain(`it answered ${status}`);
  expect(found!.hint).toContain("NUA_NPM_REGISTRY");
});

test("a password is not printed", async () => {
  const found = await examine({ pipIndex: "http://user:s3cret@127.0.0.1:1/simple/" });
  expect(found[0]).toMatchObject({ status: "fail" });
  expect(JSON.stringify(found)).not.toContain("s3cret");
});

test("a server of another time", async () => {
  const headers = { date: new Date(Date.now() - 3_600_000).toUTCString() };
  const pipIndex = serve(() => new Response("", { headers }));
  expect((await examine({ pipIndex }))[1]).toMatchObject({ name: "clock", status: "warn" });
});

test("a proxy that is none, and one that does not answer", async () => {
  expect(await examine({ httpProxy: "nonsense" })).toMatchObject([
    { name: "settings", status: "fail", detail: expect.stringContaining("NUA_HTTP_PROXY") },
  ]);
  const [silent] = await examine({ httpsProxy: "http://me:s3cret@127.0.0.1:1" });
  expect(silent).toMatchObject({ name: "proxy", status: "fail" });
  expect(silent!.detail).toStartWith("127.0.0.1:1: ");
  expect(silent!.hint).toContain("NUA_HTTPS_PROXY");
});

test("certificates: for long, not for long, and none in the file", async () => {
  expect((await examine({ ca: await certificate("365") }))[0]).toMatchObject({ status: "ok" });
  expect((await examine({ ca: await certificate("9") }))[0]).toMatchObject({ status: "warn" });
  const empty = join(folder, "empty.pem");
  writeFileSync(empty, "none");
  expect((await examine({ ca: empty }))[0]).toMatchObject({ status: "fail" });
});

test("a folder is where there is room, or is not to be written to", async () => {
  const found = await checkPlaces({ buildDir: `${folder}/none`, output: "-" } as Settings);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ name: "build folder", status: "fail" });
  expect(await checkFree("x", folder, 1, "")).toMatchObject({ status: "ok" });
  expect(await checkFree("x", folder, 1e18, "more")).toMatchObject({
    status: "fail",
    hint: "more",
  });
  const [place] = await checkPlaces({ buildDir: folder, output: "-" } as Settings);
  expect(place!.detail).toContain(`free in "${folder}"`);
});
