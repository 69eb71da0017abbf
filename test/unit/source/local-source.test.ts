import { afterAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ReplayInput } from "../../../src/airgap/replay/replay-input.ts";
import { NetworkInput } from "../../../src/session/network-input.ts";
import { watchLocalSource } from "../../../src/source/local-source.ts";

const folder = mkdtempSync(join(tmpdir(), "nua-local-source-"));
afterAll(() => rmSync(folder, { recursive: true }));
const root = join(folder, "app");
mkdirSync(join(root, "inside"), { recursive: true });
writeFileSync(join(folder, "outside.tar"), "");
writeFileSync(join(root, "inside/a.tar"), "");
symlinkSync(join(folder, "outside.tar"), join(root, "link.tar"));

/** What is told of a source, by a build with a network or out of a bundle. */
function told(url: string, from: "network" | "bundle"): string[] {
  const warnings: string[] = [];
  const bundle = { folder, bundle: { index: "", name: "" }, held: [], isVerification: false };
  const input = from === "network" ? new NetworkInput() : new ReplayInput(bundle);
  const report = { warn: (text: string) => warnings.push(text) };
  watchLocalSource({ url, key: "build.src-url", root }, { input, report } as never);
  return warnings;
}

test.each(["inside/a.tar", "./inside/a.tar", `file://${root}/inside/a.tar`, "inside"])(
  "%s is the app's own",
  (url) => {
    expect(told(url, "network")).toEqual([]);
    expect(told(url, "bundle")).toEqual([]);
  },
);

test.each(["../outside.tar", `file://${folder}/outside.tar`, "link.tar", "/etc/nowhere.tar"])(
  "%s lies outside: it is told, and no app out of a bundle may name it",
  (url) => {
    expect(told(url, "network")).toEqual([expect.stringMatching(/^build\.src-url takes "\//)]);
    expect(() => told(url, "bundle")).toThrow("outside of the app's folder");
  },
);

test("an address of a file elsewhere is an error", () => {
  expect(() => told("file://host.example/a.tar", "network")).toThrow("no address of a file here");
});
