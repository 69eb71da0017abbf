import { describe, expect, test } from "bun:test";
import { X509Certificate } from "node:crypto";
import { takeNetworkSettings } from "../../../../src/agent/network-settings.ts";
import { createAuthority } from "../../../../src/agent/proxy/authority.ts";
import { acceptsGzip } from "../../../../src/agent/proxy/headers.ts";
import { createMissingInputs } from "../../../../src/agent/proxy/missing-inputs.ts";
import { clientOf } from "../../../../src/agent/proxy/request.ts";
import { openRoute } from "../../../../src/agent/proxy/route.ts";
import { NuaError } from "../../../../src/lib/errors.ts";
import { ask, createBuilds, SECURE, startSite } from "./site.ts";

const MISSING = { method: "GET", url: "https://a.example/", client: "npm", wantedBy: "x" } as const;

describe("a build's certificates", () => {
  test.each(["deb.debian.org", "127.0.0.1", "::1", "fe80::1:2"])("prove %s", (host) => {
    const authority = createAuthority();
    const own = new X509Certificate(authority.certificate);
    const site = new X509Certificate(authority.pairFor(host).cert);
    expect(site.verify(own.publicKey)).toBeTrue();
    expect(site.checkIssued(own)).toBeTrue();
    expect(
      host.includes(".") && !/^\d/.test(host) ? site.checkHost(host) : site.checkIP(host),
    ).toBe(host);
    expect([own.ca, site.ca]).toEqual([true, false]);
    // Whatever the clock says.
    expect([site.validFrom, site.validTo]).toEqual([
      "Jan  1 00:00:00 1970 GMT",
      "Dec 31 23:59:59 2049 GMT",
    ]);
  });
});

describe("the proxy in another container", () => {
  test("is told for whom it is asked, and tells what is missing", async () => {
    using site = await startSite();
    using builds = createBuilds();
    const recording = await builds.record(site.networkSettings);
    await recording.close("app");
    const server = await builds.replay();
    const { httpProxy: inputs = "", ca = "" } = server.networkSettings;
    const route = await openRoute({
      networkSettings: { inputs, ca },
      env: {},
      writeLine: () => {},
    });
    expect(route.networkSettings).toMatchObject({ httpProxy: inputs, httpsProxy: inputs });
    expect(route.networkSettings).not.toHaveProperty("inputs");
    expect(await route.missing()).toEqual([]);
    await route.setRequester("Gemfile");
    await ask(route, `${SECURE}file`);
    const [missing] = await route.missing();
    expect(missing).toEqual({
      ...MISSING,
      url: `${SECURE}file`,
      client: "bun",
      wantedBy: "Gemfile",
    });
    await server.close("app");
    // It has gone.
    expect(await route.missing()).toEqual([]);
  });
});

test("an agent that a command calls goes the same way", () => {
  const env = { NUA_AGENT_PROXY: "http://127.0.0.1:1", no_proxy: "localhost" };
  expect(takeNetworkSettings(env).networkSettings).toEqual({
    ...{ httpProxy: "http://127.0.0.1:1", httpsProxy: "http://127.0.0.1:1", noProxy: "localhost" },
  });
});

test("rewrites of other protocols stay, without passwords", async () => {
  using builds = createBuilds();
  const rewrites = "git@github.com:=https://u:p@git.example/ https://a.example/=https://b.example/";
  const route = await builds.record({ rewrites, npmRegistry: "https://npm.example/" });
  expect(route.networkSettings.rewrites).toBe("git@github.com:=https://git.example/");
  expect(Object.keys(route.networkSettings).sort()).toEqual([
    ...["ca", "httpProxy", "httpsProxy", "noProxy", "rewrites"],
  ]);
  await route.close("app");
});

describe("a missing input", () => {
  const fails = async () => {
    throw new NuaError("build", "Run it: status 1");
  };

  test("is gone past, and named at the end", async () => {
    const lines: string[] = [];
    const missing = createMissingInputs({ missing: async () => [MISSING] }, (line) =>
      lines.push(line),
    );
    await missing.tolerate(async () => {});
    expect(missing.haveFailed()).toBeFalse();
    await missing.tolerate(fails);
    expect(missing.haveFailed()).toBeTrue();
    expect(lines).toEqual(["left behind, since inputs are missing: Run it: status 1"]);
    expect((await missing.error()).message).toBe(
      "Build from a bundle: not among its inputs: https://a.example/ (npm, wanted by x)",
    );
  });

  test("is none while nothing is missing", async () => {
    const missing = createMissingInputs({ missing: async () => [] }, () => {});
    await expect(missing.tolerate(fails)).rejects.toThrow("Run it: status 1");
  });
});

test.each([
  ["Debian APT-HTTP/1.3 (2.6.1)", "apt"],
  ['pip/23.0.1 {"ci":null}', "pip"],
  ["npm/10.8.2 node/v20.20.2 linux x64", "npm"],
  ["Python-urllib/3.11", "python-urllib"],
  ["Ruby, RubyGems/3.3.15 x86_64-linux Ruby/3.1.2", "rubygems"],
  ["Go-http-client/1.1", "go"],
  ["cargo 1.75.0", "cargo"],
  ["cargo/1.96.0 (30a34c682 2026-05-25)", "cargo"],
  ["NuGet .NET Core MSBuild Task/5.4.0 (Linux 6.1)", "nuget"],
  ["Apache-Maven/3.9.11 (Java 17.0.16; Linux 6.1)", "maven"],
  ["Gradle/8.14.3 (Linux;6.1;amd64) (Debian;17.0.16;17.0.16+8)", "gradle"],
  ["", "unknown"],
])("%s is the program %s", (agent, client) => {
  expect(clientOf(agent)).toBe(client);
});

test.each([
  ["gzip", true],
  ["br, gzip;q=0.5", true],
  ["*", true],
  ["", false],
  ["identity", false],
  ["br, x-gzipped", false],
  ["gzip;q=0, br", false],
])("whether %s takes gzip", (value, expected) => {
  expect(acceptsGzip(new Headers({ "accept-encoding": value }))).toBe(expected);
});
