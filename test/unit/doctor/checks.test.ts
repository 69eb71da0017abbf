import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkAddresses, checkCertificates } from "../../../src/doctor/check-addresses.ts";
import { checkFree, checkPlaces } from "../../../src/doctor/check-places.ts";
import type { Finding } from "../../../src/doctor/finding.ts";
import { createReporter } from "../../../src/session/reporter.ts";
import { createSession } from "../../../src/session/session.ts";
import { loadSettings, type Settings } from "../../../src/session/settings.ts";

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
  const session = createSession({
    settings: loadSettings({ ca: "", ...settings }, { HOME: folder }),
    report: createReporter(-1),
    signal: new AbortController().signal,
  });
  // What the administrator of this machine added is not the test's.
  return (await checkAddresses(session)).filter(
    ({ name }) => name !== "certificates" || settings.ca !== undefined,
  );
}

/** Valid until END; its key is nowhere. */
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBezCCASGgAwIBAgIUAhPrdvdwGB5wb9XRKAzTW/oHT38wCgYIKoZIzj0EAwIw
EzERMA8GA1UEAwwIbnVhLXRlc3QwHhcNMjYxMTI0MDMzNDQyWhcNMzYxMTIxMDMz
NDQyWjATMREwDwYDVQQDDAhudWEtdGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEH
A0IABN6ZrtZHw7viu5fHMc6+R9VqbFSy2LVicKt1GY8cRBvrFdPjYUMm9Ii2q0a7
IylCYCC8Ag3jFkAfFQ2w5tLN92+jUzBRMB0GA1UdDgQWBBSrGbUIAY42unxanML/
m1Npzr8tpjAfBgNVHSMEGDAWgBSrGbUIAY42unxanML/m1Npzr8tpjAPBgNVHRMB
Af8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIAO3r4ZBQtALCFdbewbVm2Oc99rc
Ry/SZkgGzesrLF6aAiEAsFiKqgz6BFLu/MYwGpV8t7uwjtdUR6vxmmawabS6D40=
-----END CERTIFICATE-----
`;
const END = Date.parse("2036-11-21T03:34:42Z");
const DAY = 24 * 3600 * 1000;

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

test.each([
  [60 * DAY, "ok", "1, the first of which ends on"],
  [9 * DAY, "warn", '"CN=nua-test" is valid until'],
  [-DAY, "fail", '"CN=nua-test" was valid until'],
])("a certificate that is valid for %d ms: %s", (left, status, says) => {
  const found = checkCertificates(CERTIFICATE, END - left);
  expect(found.status).toBe(status as never);
  expect(found.detail).toContain(says);
});

test("certificates are those of the setting, and a file without any is told", async () => {
  const file = join(folder, "ca.pem");
  writeFileSync(file, CERTIFICATE);
  expect((await examine({ ca: file }))[0]).toMatchObject({ name: "certificates" });
  writeFileSync(file, "none");
  expect((await examine({ ca: file }))[0]).toMatchObject({ name: "settings", status: "fail" });
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
