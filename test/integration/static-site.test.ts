/** The configuration of static sites, asked of Debian's nginx, as in a container but for its root. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { unpackPrograms } from "../../scripts/debian-programs.ts";
import type { StaticSite } from "../../src/languages/language.ts";
import { planSite } from "../../src/languages/static/site.ts";
import { memoryTree } from "../helpers/memory-tree.ts";

const CACHE = "/var/cache/nua-build-tests/programs";
const NGINX = {
  ...{ name: "nginx", suite: "bookworm" },
  packages: ["nginx", "libpcre2-8-0", "libssl3", "zlib1g", "libcrypt1"],
};
/** Nobody, as a container may run as anybody. */
const USER = 65534;

const LONG = "a".repeat(4000);
const FILES: Readonly<Record<string, string | Buffer>> = {
  "index.html": "<h1>home</h1>",
  "about.html": "about",
  "docs/index.html": "docs",
  "empty/note.txt": "a note",
  "404.html": "not here",
  ".git/config": "secret",
  ".well-known/security.txt": "mail us",
  Staticfile: "root: .\n",
  "assets/index-DiwrgTda.js": LONG,
  "assets/app.3f9a1c2e.css": LONG,
  "assets/bootstrap-datepicker.js": LONG,
  "site.webmanifest": "{}",
  "ready.txt": "plain",
  "ready.txt.gz": gzipSync("compressed before"),
};

interface Served extends AsyncDisposable {
  ask(path: string, headers?: Record<string, string>): Promise<Response>;
  /** Ends it by a signal, and tells its exit status. */
  end(signal: NodeJS.Signals): Promise<number>;
}

let top: string;

beforeAll(async () => {
  const root = await unpackPrograms(NGINX, CACHE, () => {});
  top = mkdtempSync("/var/tmp/nua-site-");
  const libraries = `${root}/usr/lib/x86_64-linux-gnu:${root}/lib/x86_64-linux-gnu`;
  mkdirSync(join(top, "bin"));
  const program = `#!/bin/sh\nLD_LIBRARY_PATH=${libraries} exec ${root}/usr/sbin/nginx "$@"\n`;
  writeFileSync(join(top, "bin/nginx"), program, { mode: 0o755 });
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(top, "app", name)), { recursive: true });
    writeFileSync(join(top, "app", name), text);
  }
  chmodSync(top, 0o755);
}, 120_000);

afterAll(() => rmSync(top, { recursive: true, force: true }));

let lastPort = 20_000 + (process.pid % 20_000);

async function serve(site: Partial<StaticSite>, staticfile?: string): Promise<Served> {
  const tree = staticfile === undefined ? undefined : memoryTree({ Staticfile: staticfile });
  const whole = { folder: "", fallback: "not found", from: { what: "test" }, ...site } as const;
  const { commands } = planSite(whole, { source: join(top, "app"), tree });
  const folder = mkdtempSync(join(top, "scripts-"));
  chmodSync(folder, 0o755);
  for (const command of commands) {
    if (command.kind !== "write-file") continue;
    const file = join(folder, command.path.split("/").at(-1)!);
    writeFileSync(file, command.text, { mode: command.mode });
    if (site.options?.index === "undated") utimesSync(file, 315_619_200, 315_619_200);
  }
  lastPort += 1;
  const port = lastPort;
  const words = ["setpriv", `--reuid=${USER}`, `--regid=${USER}`, "--clear-groups", "sh"];
  const child = Bun.spawn([...words, join(folder, "serve.sh")], {
    env: { PATH: `${top}/bin:${process.env.PATH}`, PORT: String(port) },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const ask = (path: string, headers: Record<string, string> = {}) =>
    fetch(`http://127.0.0.1:${port}${path}`, { headers, redirect: "manual", keepalive: false });
  await answers(ask);
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    return child.exited;
  };
  return { ask, end, [Symbol.asyncDispose]: async () => void (await end("SIGTERM")) };
}

async function answers(ask: Served["ask"]): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const isThere = await ask("/").then(
      () => true,
      () => false,
    );
    if (isThere) return;
    await Bun.sleep(100);
  }
  throw new Error("nginx does not answer");
}

type Row = [path: string, status: number, text: string | null, headers?: Record<string, string>];

async function expectRows({ ask }: Served, rows: readonly Row[]): Promise<void> {
  for (const [path, status, text, headers = {}] of rows) {
    const answer = await ask(path);
    const told = Object.keys(headers).map((name) => [name, answer.headers.get(name)]);
    expect({ path, status: answer.status, ...Object.fromEntries(told) }).toEqual({
      ...{ path, status, ...headers },
    });
    const body = await answer.text();
    if (text !== null) expect({ path, body }).toEqual({ path, body: text });
  }
}

const NO_CACHE = { "cache-control": "no-cache" };
const FOR_A_YEAR = { "cache-control": "public, max-age=31536000, immutable" };
const TYPE = (type: string) => ({ "content-type": type });

describe("nginx", () => {
  test("serves pages", async () => {
    await using served = await serve({});
    await expectRows(served, [
      ["/", 200, "<h1>home</h1>", { ...NO_CACHE, ...TYPE("text/html; charset=utf-8") }],
      ["/about", 200, "about", { ...NO_CACHE, server: "nginx" }],
      ["/docs", 301, null, { location: "/docs/" }],
      ["/docs/", 200, "docs"],
      ["/empty/", 404, "not here"],
      ["/nothing", 404, "not here"],
      ["/.git/config", 404, "not here"],
      ["/.well-known/security.txt", 200, "mail us"],
      ["/assets/app.3f9a1c2e.css", 200, LONG, { ...FOR_A_YEAR, "content-encoding": "gzip" }],
      ["/assets/bootstrap-datepicker.js", 200, LONG, NO_CACHE],
      ["/assets/index-DiwrgTda.js", 200, LONG, NO_CACHE],
      ["/site.webmanifest", 200, "{}", TYPE("application/manifest+json; charset=utf-8")],
      ["/ready.txt", 200, "compressed before", { "content-encoding": "gzip" }],
    ]);
    const { headers } = await served.ask("/", { "accept-encoding": "identity" });
    const again = await served.ask("/", { "if-none-match": headers.get("etag") ?? "" });
    expect(again.status).toBe(304);
    expect(await served.end("SIGQUIT")).toBe(0);
  });

  test("serves an app of one page", async () => {
    await using served = await serve({ fallback: "index", isBundled: true });
    await expectRows(served, [
      ["/users/john.doe", 200, "<h1>home</h1>", NO_CACHE],
      ["/empty/", 200, "<h1>home</h1>"],
      ["/assets/gone-DiwrgTda.js", 404, null],
      ["/gone.png", 404, null],
      ["/assets/index-DiwrgTda.js", 200, LONG, FOR_A_YEAR],
      ["/assets/bootstrap-datepicker.js", 200, LONG, NO_CACHE],
      ["/.env", 404, null],
    ]);
    expect(await served.end("SIGTERM")).toBe(0);
  });

  test("serves what a Staticfile says", async () => {
    const text =
      "directory: visible\nforce_https: true\nhttp_strict_transport_security: true\nhost_dot_files: true\n";
    await using served = await serve({}, text);
    const list = await (await served.ask("/empty/")).text();
    expect(list).toContain("note.txt");
    const sent = await served.ask("/about?a=1", { "x-forwarded-proto": "http" });
    expect(sent.headers.get("location")).toStartWith("https://127.0.0.1");
    const { status, headers } = await served.ask("/.git/config");
    expect([status, headers.get("strict-transport-security")]).toEqual([200, "max-age=31536000"]);
  });

  test("asks for a password", async () => {
    writeFileSync(join(top, "app/Staticfile.auth"), "ann:{PLAIN}secret\n");
    await using served = await serve({ options: { passwords: "Staticfile.auth" } });
    expect((await served.ask("/")).status).toBe(401);
    const authorization = `Basic ${Buffer.from("ann:secret").toString("base64")}`;
    expect((await served.ask("/", { authorization })).status).toBe(200);
  });

  test("tells no versions of files apart whose time is that of a reproducible image", async () => {
    await using served = await serve({ options: { index: "undated" } });
    const { headers } = await served.ask("/about");
    expect(headers.get("etag")).toBeNull();
  });
});
