/** Toolchains from a server as rustup has it: a real one, of small archives. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fetchBytes } from "../../../../src/agent/fetch.ts";
import type { InstallTools } from "../../../../src/languages/installer.ts";
import { install } from "../../../../src/languages/rust/agent/install-rust.ts";
import { type Command, run } from "../../../../src/protocol/command.ts";
import { PYTHON } from "../../../../src/protocol/layout.ts";

const TRIPLE = `${process.arch === "arm64" ? "aarch64" : "x86_64"}-unknown-linux-gnu`;
const PUBLIC = "https://static.rust-lang.org/";

const FILES: Readonly<Record<string, readonly string[]>> = {
  rustc: ["rustc/bin/rustc", "rustc/lib/librustc.so", "rustc/share/doc/COPYRIGHT"],
  cargo: ["cargo/bin/cargo", "cargo/manifest.in"],
  "rust-std": [`rust-std-${TRIPLE}/lib/rustlib/${TRIPLE}/lib/libstd.rlib`],
};

let root = "";
let served: Record<string, Buffer | string> = {};
let asked: string[] = [];
let server: ReturnType<typeof Bun.serve>;

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
  served = toolchain("1.80.1");
});

/** All that a server has of a version. */
function toolchain(version: string): Record<string, Buffer | string> {
  const parts = Object.entries(FILES).map(([name, files]) => {
    const archive = `${name}-${version}-${TRIPLE}`;
    for (const file of files) {
      const path = join(root, "made", archive, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, file);
      chmodSync(path, file.includes("/bin/") ? 0o755 : 0o644);
    }
    execFileSync("tar", ["-cJf", join(root, "archive.tar.xz"), "-C", join(root, "made"), archive]);
    const body = readFileSync(join(root, "archive.tar.xz"));
    const path = `dist/2024-08-08/${archive}.tar.xz`;
    const hash = createHash("sha256").update(body).digest("hex");
    const text = `[pkg.${name}.target.${TRIPLE}]\navailable = true\nxz_url = "${PUBLIC}${path}"\nxz_hash = "${hash}"\n`;
    return { path, body, text };
  });
  const head = `manifest-version = "2"\n\n[pkg.rustc]\nversion = "${version} (3f5fd8dd4 2024-08-06)"\n\n`;
  return {
    [`dist/channel-rust-${version}.toml`]: head + parts.map(({ text }) => text).join("\n"),
    ...Object.fromEntries(parts.map(({ path, body }) => [path, body])),
  };
}

/** What apt has. */
const APT =
  "rustc-web:\n  Candidate: 1.96.0+dfsg1-1~deb12u2\nrustc:\n  Candidate: 1.63.0+dfsg1-2\n";

let told = "";

/** Runs what is not apt's on this machine. */
async function execute(commands: readonly Command[]): Promise<void> {
  for (const command of commands) {
    if (command.kind === "derive") await execute(command.next(APT));
    if (command.kind === "write") {
      mkdirSync(dirname(command.path), { recursive: true });
      writeFileSync(command.path, command.text);
    }
    if (command.kind !== "run" || command.argv[0] === "true") continue;
    const [program, ...words] = command.argv;
    execFileSync(program === PYTHON ? "python3" : program!, words, { stdio: "pipe" });
  }
}

async function installed(wanted: string, others: Partial<InstallTools> = {}) {
  const folder = mkdtempSync(join(root, "out-"));
  const scratch = mkdtempSync(join(root, "scratch-"));
  told = "";
  await install(
    { wanted, folder },
    {
      settings: { rustDist: server.url.href },
      ...{ env: {}, scratch, execute },
      write: (text) => {
        told += text;
      },
      fetch: (url, setting) => fetchBytes(url, { ca: undefined, setting }),
      debian: { updateLists: () => run(["true"]) } as unknown as InstallTools["debian"],
      ...others,
    },
  );
  const packages = readFileSync(join(folder, "nua/rust_packages"), "utf8").trim().split("\n");
  return { folder, packages };
}

describe("the Linux base has it:", () => {
  test.each<[string, string[]]>([
    ["1.96", ["rustc-web", "cargo-web"]],
    ["1.63.0", ["rustc", "cargo"]],
  ])("%s", async (wanted, names) => {
    const { packages } = await installed(wanted);
    expect(packages).toEqual(names);
    expect(asked).toEqual([]);
  });
});

describe("a server has it:", () => {
  test("what the manifest names, from that server, where programs are found", async () => {
    const { folder, packages } = await installed("1.80.1");
    const at = (path: string) => join(folder, "usr/local", path);
    expect(readFileSync(at("bin/rustc"), "utf8")).toBe("rustc/bin/rustc");
    expect(statSync(at("bin/cargo")).mode & 0o777).toBe(0o755);
    expect(existsSync(at(`lib/rustlib/${TRIPLE}/lib/libstd.rlib`))).toBeTrue();
    expect(existsSync(at("share")) || existsSync(at("manifest.in"))).toBeFalse();
    expect(packages).toEqual(["gcc", "libc6-dev"]);
    expect(told).toStartWith("==> Install Rust 1.80.1 in ");
    expect(asked[0]).toBe("dist/channel-rust-1.80.1.toml");
    expect(asked).toHaveLength(4);
  });

  test("but not what its manifest says", async () => {
    const [altered] = Object.keys(served).filter((path) => path.includes("/cargo-"));
    served[altered!] = "something else";
    await expect(installed("1.80.1")).rejects.toThrow(`Check "${server.url.href}${altered}"`);
  });

  test("nor for this processor", async () => {
    const path = "dist/channel-rust-1.80.1.toml";
    served[path] = String(served[path]).replaceAll(TRIPLE, "riscv64gc-unknown-linux-gnu");
    await expect(installed("1.80.1")).rejects.toThrow('Fetch Rust "1.80.1" from ');
  });
});

describe("nobody has it:", () => {
  test("a version that is named is refused", async () => {
    await expect(installed("1.81.0")).rejects.toMatchObject({
      code: "input",
      hint: expect.stringContaining('build.builder = "rust-1.96.0" takes the distribution\'s'),
    });
  });

  test("in place of a series that the Linux base had, its newer one is taken", async () => {
    const { packages } = await installed("1.90");
    expect(packages).toEqual(["rustc-web", "cargo-web"]);
    expect(told).toContain("1.96.0, which has come after 1.90");
  });
});
