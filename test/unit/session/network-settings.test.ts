import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  resolveNetworkSettings,
  secretsForBuilder,
  withNetworkSettings,
} from "../../../src/session/network-settings.ts";
import { loadSettings } from "../../../src/session/settings.ts";

const CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
const KEY = "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "nua-network-settings-"));
  await writeFile(join(folder, "ca.pem"), `subject=x\n${CERTIFICATE}${KEY}`);
  await writeFile(join(folder, "key.pem"), KEY);
  await writeFile(join(folder, "huge.pem"), CERTIFICATE.repeat(5000));
});
afterAll(() => rm(folder, { recursive: true }));

const settingsWith = (ca: string) =>
  loadSettings({ pipIndex: "http://i/simple", ca: join(folder, ca) }, { XDG_CONFIG_HOME: folder });

const NONE = {};

test("without secrets they travel in one variable, and a key beside a certificate does not", async () => {
  const networkSettings = await resolveNetworkSettings(settingsWith("ca.pem"), NONE);
  expect(networkSettings).toEqual({ pipIndex: "http://i/simple", ca: CERTIFICATE });
  const { env, hiddenArgs, secrets } = secretsForBuilder(networkSettings, "legacy", true);
  expect(hiddenArgs).toEqual(["FTP_PROXY"]);
  expect(secrets).toEqual([]);
  const json = Buffer.from(env.FTP_PROXY!.slice("nua:".length), "base64").toString();
  expect(JSON.parse(json)).toEqual(networkSettings);
});

test("a builder that mounts gets a password as a secret, and for a package's Dockerfile all", () => {
  const networkSettings = { pipIndex: "http://i/simple" };
  expect(secretsForBuilder(networkSettings, "buildx", true).hiddenArgs).toEqual(["FTP_PROXY"]);
  const withPassword = { ...networkSettings, npmRegistry: "http://me:s3cr3t@i/npm" };
  expect(secretsForBuilder(withPassword, "buildx", true)).toMatchObject({
    env: { NUA_NETWORK_SETTINGS: JSON.stringify(withPassword) },
    hiddenArgs: [],
    secrets: [{ id: "nua-network-settings", variable: "NUA_NETWORK_SETTINGS" }],
  });
  const { env, hiddenArgs, secrets } = secretsForBuilder(networkSettings, "buildx", false);
  expect(hiddenArgs).toEqual([]);
  expect(secrets).toEqual([{ id: "nua-network-settings", variable: "NUA_NETWORK_SETTINGS" }]);
  expect(JSON.parse(env.NUA_NETWORK_SETTINGS!)).toEqual(networkSettings);
});

test("a password needs a builder with secrets, and is masked", () => {
  const networkSettings = { httpProxy: "http://me:s3cr%21t@proxy:3128" };
  expect(() => secretsForBuilder(networkSettings, "legacy", true)).toThrow(
    /password to the builder "legacy"/,
  );
  const { mask } = secretsForBuilder(networkSettings, "embedded", true);
  const basic = Buffer.from("me:s3cr!t").toString("base64");
  expect(mask(`a http://me:s3cr%21t@proxy:3128 b s3cr!t c ${basic}`)).toBe(
    "a http://***@proxy:3128 b *** c ***",
  );
});

test("without networkSettings there is nothing", () => {
  for (const builder of ["buildx", "legacy"] as const) {
    expect(secretsForBuilder({}, builder, true)).toMatchObject({
      env: {},
      hiddenArgs: [],
      secrets: [],
    });
  }
});

test("proxies are those that are set, else those of the environment, but none of its own loopback", async () => {
  const settings = loadSettings({ httpProxy: "http://p:1" }, { XDG_CONFIG_HOME: folder });
  const env = { http_proxy: "http://q:2", HTTPS_PROXY: "http://r:3", no_proxy: "localhost" };
  expect(
    await resolveNetworkSettings({ ...settings, ca: join(folder, "ca.pem") }, env),
  ).toMatchObject({ httpProxy: "http://p:1", httpsProxy: "http://r:3", noProxy: "localhost" });
  const own = { http_proxy: "http://127.0.0.1:3128", https_proxy: "http://localhost:3128" };
  const none = loadSettings({ ca: join(folder, "ca.pem") }, { XDG_CONFIG_HOME: folder });
  expect(Object.keys(await resolveNetworkSettings(none, own))).toEqual(["ca"]);
  await expect(resolveNetworkSettings(none, { http_proxy: "proxy" })).rejects.toMatchObject({
    message: 'Read setting NUA_HTTP_PROXY: "proxy" is no address',
  });
});

test("commands of a Dockerfile that read the secret get it", () => {
  const text = "FROM a\nRUN app_builder\nrun --network=none x \\\n  app_builder\nRUN true\n";
  const mount = "--mount=type=secret,id=nua-network-settings,target=/run/nua/network-settings";
  const isUser = (command: string) => command.includes("app_builder");
  const given = withNetworkSettings(text, isUser);
  expect(given).toBe(
    `FROM a\nRUN ${mount} app_builder\nrun ${mount} --network=none x \\\n  app_builder\nRUN true\n`,
  );
  expect(withNetworkSettings(given, isUser)).toBe(given);
});

test.each(["key.pem", "huge.pem", "missing.pem"])("%s is refused", async (name) => {
  const refusal = resolveNetworkSettings(settingsWith(name), NONE);
  await expect(refusal).rejects.toMatchObject({ code: "config" });
});

test.each([
  "http://bob:se/S3cret@proxy:3128",
  "http://bob:80/S3cret@proxy:3128",
  "http://bob:S3@S3cret/x@proxy:3128",
  "bob:S3cret@proxy:3128",
])("a proxy that is no address shows nothing of its password: %s", async (httpProxy) => {
  const settings = { ...loadSettings({ httpProxy }, {}) };
  const error = await resolveNetworkSettings(settings, {}).catch((caught) => caught);
  expect(String(error)).toContain("is no address");
  expect(String(error)).not.toContain("S3");
  expect(String(error)).toContain("***@proxy:3128");
});
