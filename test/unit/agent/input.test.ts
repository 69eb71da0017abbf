import { describe, expect, test } from "bun:test";
import { parseAgentInput } from "../../../src/agent/input.ts";
import { takeNetworkSettings } from "../../../src/agent/network-settings.ts";
import type { AgentInput } from "../../../src/protocol/agent-input.ts";
import { plannedRun } from "../../../src/protocol/planned-action.ts";

const START = {
  ...{ kind: "start-script" as const, script: "start.py", cwd: "/nua/build" },
  ...{
    start: [],
    scripts: [],
    detected: null,
    lookedFor: [],
    isTold: false,
    beforeRun: [],
    rendered: {},
  },
};

const EVERYTHING = inputWith(
  { kind: "place-context" },
  { kind: "make-folders", documentRoot: "public" },
  { kind: "install-packages", packages: ["git", "gcc=1.0"], purpose: "build" },
  { kind: "unpack-source", dir: "hello" },
  plannedRun(["make", "-j2"], { user: "nua", from: { what: "build.build" } }),
  START,
  { kind: "metadata", rendered: { a: 1 } },
);

describe("parseAgentInput", () => {
  test("reads what nua-build writes", () => {
    expect(parseAgentInput(JSON.stringify(EVERYTHING))).toEqual(EVERYTHING);
  });

  const refused: [string, string, string][] = [
    ["no JSON", "{", 'Read "nua-agent.json"'],
    ["another version", '{"version":9}', "it has version 9, this agent reads version 6"],
    ["a missing key", '{"version":6}', "layer: "],
    ["a key too many", JSON.stringify({ ...EVERYTHING, more: 1 }), "more"],
    ["an unknown command", textWith({ kind: "format-disk" }), "actions.0.commands.0.kind"],
    ["a command without words", textWith(plannedRun([])), "argv"],
    ["a folder with detours", textWith(plannedRun(["x"], { cwd: "/nua/../etc" })), "cwd"],
    ["a script outside", textWith({ ...START, script: "../x" }), "script"],
    ["a script that would be an option", textWith({ ...START, script: "-cimport os" }), "script"],
    ["an option as package", withPackages("-o=x"), "packages.0"],
    ["an option among packages", withPackages("git -y"), "packages.0"],
    ["a command among packages", withPackages("foo;rm"), "packages.0"],
    ["an option as folder", textWith({ kind: "unpack-source", dir: "-x" }), "dir"],
    ["a document root that holds the app", withRoot("/nua"), "documentRoot"],
    ["the root as document root", withRoot("/"), "documentRoot"],
    ["the app as document root", withRoot("."), "documentRoot"],
  ];
  test.each(refused)("refuses %s", (_, text, message) => {
    expect(() => parseAgentInput(text)).toThrow(message);
  });

  test.each(["/var/www", "public", "/nua/build/public"])("takes document root %s", (root) => {
    const [action] = parseAgentInput(withRoot(root)).actions;
    expect(action?.commands[0]).toEqual({ kind: "make-folders", documentRoot: root });
  });
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

function inputWith(...commands: AgentInput["actions"][number]["commands"]): AgentInput {
  return {
    version: 6,
    packed: { keep: null, omit: ["/usr/local"] },
    layer: "all",
    actions: [{ name: "a", title: "A", commands }],
  };
}

function textWith(command: object): string {
  return JSON.stringify(inputWith(command as never));
}

function withPackages(name: string): string {
  return textWith({ kind: "install-packages", packages: [name], purpose: "image" });
}

function withRoot(documentRoot: string): string {
  return textWith({ kind: "make-folders", documentRoot });
}
