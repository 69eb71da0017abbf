/** SDKs and runtimes from a server as Microsoft has it: a real one, of small archives. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fetchBytes } from "../../../../src/agent/fetch.ts";
import { installProduct } from "../../../../src/languages/dotnet/agent/install-dotnet.ts";
import {
  channelsOf,
  type Product,
  versionsOf,
} from "../../../../src/languages/dotnet/agent/releases.ts";
import type { InstallTools } from "../../../../src/languages/installer.ts";
import { type Command, run } from "../../../../src/protocol/command.ts";

const RID = process.arch === "arm64" ? "linux-arm64" : "linux-x64";
const LIST = "release-metadata/8.0/releases.json";

let root = "";
let served: Record<string, Buffer | string> = {};
let asked: string[] = [];
let server: ReturnType<typeof Bun.serve>;
/** What apt has, by the words of the query. */
let apt: Record<string, string> = {};

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "nua-build-test-"));
  server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: ({ url }) => {
      const path = new URL(url).pathname.slice(1);
      asked.push(path);
      const body = served[path];
      return body === undefined ? new Response("no", { status: 404 }) : new Response(body);
    },
  });
});
afterAll(async () => {
  await server.stop(true);
  rmSync(root, { recursive: true, force: true });
});
beforeEach(() => {
  asked = [];
  apt = { "policy dotnet-sdk-8.0": "", "pkgnames libicu": "libicu-dev\nlibicu72\nlibicu4j-java\n" };
  served = releases("8.0.404", "8.0.11");
});

/** A list with one release, and its archive of the SDK. */
function releases(sdk: string, runtime: string): Record<string, Buffer | string> {
  const made = join(root, "made");
  const file = join(made, "sdk", sdk, "dotnet.dll");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, "dll");
  writeFileSync(join(made, "dotnet"), "program", { mode: 0o755 });
  execFileSync("tar", ["-czf", join(root, "a.tar.gz"), "-C", made, "."]);
  const body = readFileSync(join(root, "a.tar.gz"));
  const hash = createHash("sha512").update(body).digest("hex");
  const files = [
    { name: `dotnet-sdk-win-x64.zip`, hash },
    { name: `dotnet-sdk-${RID}.tar.gz`, hash },
  ];
  const older = { version: "8.0.403", files: [] };
  const release = { runtime: { version: runtime, files: [] }, sdk: { version: sdk, files } };
  const preview = { sdk: { version: "8.0.500-rc.1", files } };
  return {
    [LIST]: JSON.stringify({ releases: [preview, { ...release, sdks: [release.sdk, older] }] }),
    [`Sdk/${sdk}/dotnet-sdk-${sdk}-${RID}.tar.gz`]: body,
  };
}

let told = "";

/** Runs what is not apt's on this machine. */
async function execute(commands: readonly Command[]): Promise<void> {
  for (const command of commands) {
    if (command.kind === "derive") {
      await execute(command.next(apt[command.query.argv.slice(1).join(" ")] ?? ""));
    }
    if (command.kind === "write") {
      mkdirSync(dirname(command.path), { recursive: true });
      writeFileSync(command.path, command.text);
    }
    if (command.kind !== "run" || command.argv[0] === "true") continue;
    const [program, ...words] = command.argv;
    execFileSync(program!, words, { stdio: "pipe" });
  }
}

async function installed(wanted: string, product: Product = "Sdk") {
  const folder = mkdtempSync(join(root, "out-"));
  const scratch = mkdtempSync(join(root, "scratch-"));
  told = "";
  await installProduct(
    product,
    { wanted, folder },
    {
      settings: { dotnetDist: server.url.href },
      ...{ env: {}, scratch, execute },
      write: (text) => {
        told += text;
      },
      fetch: (url, setting) => fetchBytes(url, { ca: undefined, setting }),
      debian: { updateLists: () => run(["true"]) } as unknown as InstallTools["debian"],
    },
  );
  const packages = readFileSync(join(folder, "nua/dotnet_packages"), "utf8").trim().split("\n");
  return { folder, packages };
}

test("what the Linux base has is taken where it fits", async () => {
  apt["policy dotnet-sdk-8.0"] = "dotnet-sdk-8.0:\n  Candidate: 8.0.121-0ubuntu1~22.04.1\n";
  const { packages } = await installed("8.0");
  expect(packages).toEqual(["dotnet-sdk-8.0"]);
  expect(asked).toEqual([]);
});

describe("a server has", () => {
  test.each(["8.0", "8.0.404"])("%s", async (wanted) => {
    const { folder, packages } = await installed(wanted);
    const at = (path: string) => join(folder, path);
    expect(readFileSync(at("usr/local/bin/dotnet"), "utf8")).toBe("program");
    expect(existsSync(at("usr/local/share/dotnet/sdk/8.0.404/dotnet.dll"))).toBeTrue();
    expect(readFileSync(at("etc/dotnet/install_location"), "utf8")).toBe(
      "/usr/local/share/dotnet\n",
    );
    expect(packages).toEqual(["libicu72", "tzdata"]);
    expect(told).toStartWith("==> Install .NET SDK 8.0.404 in ");
    expect(asked).toEqual([LIST, `Sdk/8.0.404/dotnet-sdk-8.0.404-${RID}.tar.gz`]);
  });

  test("but not what its list says", async () => {
    const [altered] = Object.keys(served).filter((path) => path.startsWith("Sdk/"));
    served[altered!] = "something else";
    await expect(installed("8.0")).rejects.toThrow(`Check "${server.url.href}${altered}"`);
  });

  test.each<[string, Product]>([
    ["8.0.403", "Sdk"],
    ["8.0.500-rc.1", "Sdk"],
    ["9.0", "Sdk"],
    ["8.0", "Runtime"],
  ])("no %s of %s", async (wanted, product) => {
    await expect(installed(wanted, product)).rejects.toMatchObject({
      code: "input",
      hint: "name a server that has it with NUA_DOTNET_DIST",
    });
  });
});

describe("versions", () => {
  const index = JSON.stringify({
    "releases-index": ["2.1", "3.1", "8.0", "../8.0"].map((one) => ({ "channel-version": one })),
  });

  test("are in the lists of series that are not too old", () => {
    const paths = ["3.1", "8.0"].map((one) => `release-metadata/${one}/releases.json`);
    expect(channelsOf(index, "3.1.0")).toEqual(paths);
    expect(channelsOf("<html>", "3.1.0")).toEqual([]);
  });

  test("are those of each product, but for previews", () => {
    const list = String(served[LIST]);
    expect(versionsOf(index, [list], "Sdk")).toEqual(["8.0.404", "8.0.403"]);
    expect(versionsOf(index, [list], "Runtime")).toEqual(["8.0.11"]);
    expect(versionsOf(index, [list], "aspnetcore/Runtime")).toEqual([]);
    expect(versionsOf(index, ["<html>"], "Sdk")).toBeUndefined();
    expect(versionsOf("<html>", [], "Sdk")).toBeUndefined();
  });
});
