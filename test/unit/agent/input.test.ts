import { describe, expect, test } from "bun:test";
import { parseAgentInput } from "../../../src/agent/input.ts";
import { takeNetworkSettings } from "../../../src/agent/network-settings.ts";
import { EMPTY_INPUT } from "./facts.ts";

const ARCHIVE = { kind: "archive", url: "https://host/a.tar", sha256: null, dir: "a" };

describe("parseAgentInput", () => {
  test("reads what nua-build writes", () => {
    expect(parseAgentInput(JSON.stringify(EMPTY_INPUT))).toEqual(EMPTY_INPUT);
  });

  const refused: [string, string, string][] = [
    ["no JSON", "{", 'Read "nua-agent.json"'],
    ["another version", '{"version":9}', "it has version 9, this agent reads version 2"],
    ["a missing key", '{"version":2}', "app: "],
    ["a script outside", JSON.stringify({ ...EMPTY_INPUT, buildScript: "../x" }), "buildScript"],
    ["a script that would be an option", withInput({ buildScript: "-cimport os" }), "buildScript"],
    ["an option as package", withPackages("-o=x"), "packages.run.0"],
    ["an option among packages", withPackages("git -y"), "packages.run.0"],
    ["an option as folder", withInput({ source: { ...ARCHIVE, dir: "-x" } }), "source.dir"],
    [
      "a document root that holds the app",
      JSON.stringify({ ...EMPTY_INPUT, documentRoot: "/nua" }),
      "documentRoot",
    ],
    [
      "the root as document root",
      JSON.stringify({ ...EMPTY_INPUT, documentRoot: "/" }),
      "documentRoot",
    ],
    [
      "the app as document root",
      JSON.stringify({ ...EMPTY_INPUT, documentRoot: "." }),
      "documentRoot",
    ],
  ];
  test.each(refused)("refuses %s", (_, text, message) => {
    expect(() => parseAgentInput(text)).toThrow(message);
  });

  test.each(["/var/www", "public", "/nua/build/public"])(
    "takes document root %s",
    (documentRoot) => {
      expect(parseAgentInput(JSON.stringify({ ...EMPTY_INPUT, documentRoot })).documentRoot).toBe(
        documentRoot,
      );
    },
  );
});

describe("takeNetworkSettings", () => {
  const networkSettings = { pipIndex: "https://u:p@index/simple", npmRegistry: "http://npm:4873/" };
  const value = `nua:${Buffer.from(JSON.stringify(networkSettings)).toString("base64")}`;

  test("takes them out of the environment, with what is the agent's own", () => {
    const own = { BUN_BE_BUN: "1", NUA_CONTEXT: "/c" };
    const env = { PATH: "/bin", FTP_PROXY: value, ftp_proxy: value, ...own };
    const taken = takeNetworkSettings(env);
    expect(taken).toEqual({
      networkSettings,
      env: { PATH: "/bin", NUA_AGENT_NETWORK_SETTINGS: value },
    });
    // As where a command of the build calls the agent.
    expect(takeNetworkSettings(taken.env)).toEqual(taken);
  });

  test("leaves a real proxy alone", () => {
    const env = { FTP_PROXY: "http://proxy:3128" };
    expect(takeNetworkSettings(env)).toEqual({ networkSettings: {}, env });
  });

  test.each(["nua:xx", `nua:${btoa('{"pipIndex":1}')}`])(
    "refuses %s without showing it",
    (broken) => {
      expect(() => takeNetworkSettings({ FTP_PROXY: broken })).toThrow(
        'Read build argument "FTP_PROXY": not what nua-build sends',
      );
    },
  );
});

function withInput(changes: object): string {
  return JSON.stringify({ ...EMPTY_INPUT, ...changes });
}

function withPackages(name: string): string {
  return JSON.stringify({ ...EMPTY_INPUT, packages: { build: [], run: [name] } });
}
