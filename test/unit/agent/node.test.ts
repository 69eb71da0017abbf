import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { fetchBytes } from "../../../src/agent/fetch.ts";
import { companionsOf } from "../../../src/languages/node/agent/companions.ts";
import { installCommands } from "../../../src/languages/node/agent/install-node.ts";
import { checkIntegrity, fetchPackage, tarballUrl } from "../../../src/languages/npm-package.ts";
import { matchingVersions } from "../../../src/lib/version-order.ts";
import { line } from "./facts.ts";

const registryAt = (url: string) => ({
  url,
  fetch: (file: string, setting: string) => fetchBytes(file, { ca: undefined, setting }),
});

const VERSIONS = ["20.9.0", "20.10.0", "2.0.1", "20.11.0-rc.1", "200.0.0", "18.1.0"];

describe("", () => {
  const rows: [string, string[]][] = [
    ["20", ["20.10.0", "20.9.0"]],
    ["20.9", ["20.9.0"]],
    ["20.9.0", ["20.9.0"]],
    ["2", ["2.0.1"]],
    ["19", []],
    ["20.11.0-rc.1", []],
  ];
  test.each(rows)("%s", (wanted, expected) => {
    expect(matchingVersions(wanted, VERSIONS)).toEqual(expected);
  });
});

describe("companionsOf", () => {
  const rows: [string, string, string][] = [
    ["14.21.3", "6", "9"],
    ["16.20.2", "8", "10"],
    ["18.16.1", "9", "10"],
    ["18.17.0", "10", "11"],
    ["19.9.0", "9", "10"],
    ["20.4.0", "9", "10"],
    ["20.11.1", "10", "11"],
    ["22.0.0", "10", "11"],
    ["24.1.0", "11", "11"],
    ["26.0.0", "11", "11"],
  ];
  test.each(rows)("Node %s has npm %s", (node, npm, nodeGyp) => {
    expect(companionsOf(node)).toEqual({ npm, nodeGyp });
  });

  test.each(["12", "latest", ""])('Node "%s" is refused', (node) => {
    expect(() => companionsOf(node)).toThrow("Install Node");
  });
});

describe("checkIntegrity", () => {
  const content = Buffer.from("hello");
  const sha512 = `sha512-${createHash("sha512").update(content).digest("base64")}`;

  test.each([sha512, `sha1-xyz ${sha512}`])("takes %s", (integrity) => {
    expect(() => checkIntegrity(content, integrity, "a@1")).not.toThrow();
  });

  test.each(["", "sha1-qvTGHdzF6KLavt4PO0gs2a6pQ00=", "sha512-AAAA"])("refuses %p", (integrity) => {
    expect(() => checkIntegrity(content, integrity, "a@1")).toThrow('Check "a@1"');
  });
});

test.each([
  ["http://mirror", "https://registry.npmjs.org/a/-/a-1.tgz", "http://mirror/a/-/a-1.tgz"],
  ["http://mirror/npm/", "https://registry.npmjs.org/a/-/a-1.tgz", "http://mirror/npm/a/-/a-1.tgz"],
  ["http://mirror/", "http://cdn/a-1.tgz", "http://cdn/a-1.tgz"],
])("tarballUrl of %s and %s", (registry, tarball, expected) => {
  expect(tarballUrl(registry, tarball)).toBe(expected);
});

describe("fetchPackage", () => {
  const content = Buffer.from("a tarball");
  const integrity = `sha512-${createHash("sha512").update(content).digest("base64")}`;
  const at = (version: string) => `https://registry.npmjs.org/node/-/${version}.tgz`;
  let server: ReturnType<typeof Bun.serve>;
  let failures = 0;

  beforeAll(() => {
    server = Bun.serve({
      port: 0,
      fetch({ url }) {
        const { pathname } = new URL(url);
        if (pathname === "/node") {
          return Response.json({
            versions: {
              "20.1.0": { dist: { tarball: at("20.1.0"), integrity } },
              "20.2.0": { dist: { tarball: at("20.2.0"), integrity } },
              "20.3.0": { dist: {} },
              "18.0.0": { dist: { tarball: at("20.1.0"), integrity: "sha512-AAAA" } },
              "16.0.0": { dist: { tarball: at("16.0.0"), integrity } },
            },
          });
        }
        if (pathname === "/node/-/16.0.0.tgz" && failures++ === 0) {
          return new Response(null, { status: 503 });
        }
        const isThere = ["/node/-/20.1.0.tgz", "/node/-/16.0.0.tgz"].includes(pathname);
        return isThere ? new Response(content) : new Response(null, { status: 404 });
      },
    });
  });
  afterAll(() => server.stop(true));

  test("takes the newest version whose tarball is there", async () => {
    expect(await fetchPackage(registryAt(server.url.href), "node", "20")).toEqual({
      version: "20.1.0",
      tarball: content,
    });
  });

  test("tries again when the registry stumbles", async () => {
    expect((await fetchPackage(registryAt(server.url.href), "node", "16")).version).toBe("16.0.0");
  });

  const refused: [string, string, string][] = [
    ["another content", "18", 'Check "node@18.0.0"'],
    ["no such version", "14", 'Fetch "node@14"'],
  ];
  test.each(refused)("refuses %s", async (_, wanted, message) => {
    await expect(fetchPackage(registryAt(server.url.href), "node", wanted)).rejects.toThrow(
      message,
    );
  });

  test("refuses a package that is not there, without showing a password", async () => {
    const url = server.url.href.replace("//", "//user:secret@");
    await expect(fetchPackage(registryAt(url), "nope", "1")).rejects.toThrow(
      `Read "${server.url.href}nope": there is no such package`,
    );
  });
});

test("installCommands", () => {
  const commands = installCommands({
    prefix: "/out/usr/local",
    version: "20.1.0",
    headers: "linux-x86_64",
    companions: companionsOf("20.11.0"),
    files: { node: "/s/node.tgz", npm: "/s/npm.tgz" },
  });
  const tar = "tar --extract --gzip --no-same-owner --strip-components=1";
  const modules = "/out/usr/local/lib/node_modules";
  expect(commands.flatMap(line)).toEqual([
    `mkdir -p ${modules}/npm /out/usr/local/bin`,
    `${tar} -f /s/node.tgz -C /out/usr/local package/bin package/include`,
    "find /out/usr/local/include/node/openssl/archs -mindepth 1 -maxdepth 1 '!' -name linux-x86_64 -exec rm -rf '{}' +",
    `${tar} --exclude=package/docs --exclude=package/man -f /s/npm.tgz -C ${modules}/npm`,
    "ln -sf ../lib/node_modules/npm/bin/npm-cli.js /out/usr/local/bin/npm",
    "ln -sf ../lib/node_modules/npm/bin/npx-cli.js /out/usr/local/bin/npx",
    `/out/usr/local/bin/node ${modules}/npm/bin/npm-cli.js install --global --prefix /out/usr/local --no-audit --no-fund --no-update-notifier yarn@1 node-gyp@11`,
    "write /out/nua/node_version 644",
  ]);
});
