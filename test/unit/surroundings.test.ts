import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadSettings } from "../../src/settings.ts";
import { resolveSurroundings, surroundingsEnv } from "../../src/surroundings.ts";

const CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
const KEY = "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "nua-surroundings-"));
  await writeFile(join(folder, "ca.pem"), `subject=x\n${CERTIFICATE}${KEY}`);
  await writeFile(join(folder, "key.pem"), KEY);
  await writeFile(join(folder, "huge.pem"), CERTIFICATE.repeat(5000));
});
afterAll(() => rm(folder, { recursive: true }));

const settingsWith = (ca: string) =>
  loadSettings({ pipIndex: "http://i/simple", ca: join(folder, ca) }, { XDG_CONFIG_HOME: folder });

test("surroundings travel in one variable, and a key beside a certificate does not", async () => {
  const surroundings = await resolveSurroundings(await settingsWith("ca.pem"));
  expect(surroundings).toEqual({ pipIndex: "http://i/simple", ca: CERTIFICATE });
  const { FTP_PROXY } = surroundingsEnv(surroundings);
  const json = Buffer.from(FTP_PROXY!.slice("nua:".length), "base64").toString();
  expect(JSON.parse(json)).toEqual(surroundings);
});

test("without surroundings there is no variable", () => {
  expect(surroundingsEnv({})).toEqual({});
});

test.each(["key.pem", "huge.pem", "missing.pem"])("%s is refused", async (name) => {
  const refusal = resolveSurroundings(await settingsWith(name));
  await expect(refusal).rejects.toMatchObject({ code: "config" });
});
