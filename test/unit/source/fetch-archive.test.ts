import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { link, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { publicUrl } from "../../../src/lib/secrets.ts";
import { type FetchRequest, fetchArchive } from "../../../src/source/fetch-archive.ts";

const CONTENT = Buffer.from("an archive\n".repeat(1000));
const SHA256 = createHash("sha256").update(CONTENT).digest("hex");

let asked = 0;
/** Answers, first to last; the last one stays. */
let answers: ((response: ServerResponse) => void)[] = [];
const server = createServer((_request, response) =>
  answers[Math.min(asked++, answers.length - 1)]?.(response),
);
let port: number;
let folder: string;

beforeAll(async () => {
  await once(server.listen(0, "127.0.0.1"), "listening");
  port = (server.address() as AddressInfo).port;
  folder = await mkdtemp(join(tmpdir(), "nua-fetch-"));
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  asked = 0;
  await rm(join(folder, "target"), { force: true });
});

function fetchIt(changes: Partial<FetchRequest> = {}) {
  return fetchArchive({
    url: `http://127.0.0.1:${port}/app.tar.gz`,
    key: "build.src-url",
    sha256: null,
    target: join(folder, "target"),
    root: folder,
    limit: 1e6,
    timeout: 60_000,
    signal: new AbortController().signal,
    delay: 1,
    ...changes,
  });
}

const good = (response: ServerResponse) => response.end(CONTENT);
const status = (code: number) => (response: ServerResponse) => {
  response.statusCode = code;
  response.end();
};
const sendOn = (location: string) => (response: ServerResponse) => {
  response.writeHead(302, { location }).end();
};
/** A byte now and then, for ever: never silent, never done. */
const trickle = (response: ServerResponse) => {
  const timer = setInterval(() => response.write("x"), 5);
  response.on("close", () => clearInterval(timer));
};
/** As fast as it goes, for ever. */
const flood = (response: ServerResponse) => {
  const write = () => {
    while (!response.destroyed && response.write(Buffer.alloc(64 * 1024)));
  };
  response.on("drain", write);
  write();
};
/** Ends the connection in the middle of the body. */
const cut = (response: ServerResponse) => {
  response.setHeader("content-length", CONTENT.length);
  response.write(CONTENT.subarray(0, 100), () => setTimeout(() => response.destroy(), 20));
};

describe("an archive is fetched", () => {
  test("from a server, and its bytes are counted", async () => {
    answers = [good];
    const seen: number[] = [];
    const fetched = await fetchIt({ sha256: SHA256, onProgress: (bytes) => seen.push(bytes) });
    expect(fetched).toEqual({ bytes: CONTENT.length, sha256: SHA256 });
    expect(await readFile(join(folder, "target"))).toEqual(CONTENT);
    expect(seen.at(-1)).toBe(CONTENT.length);
  });

  test("as it is stored, not as it is encoded on the way", async () => {
    const bytes = Bun.gzipSync(CONTENT);
    answers = [(response) => response.setHeader("content-encoding", "gzip").end(bytes)];
    await fetchIt();
    expect(await readFile(join(folder, "target"))).toEqual(Buffer.from(bytes));
  });

  test.each([
    ["a busy server", status(503)],
    ["too many requests", status(429)],
    ["a connection that is cut", cut],
  ])("after %s", async (_, bad) => {
    answers = [bad, bad, good];
    const reasons: string[] = [];
    const fetched = await fetchIt({ onRetry: (reason) => reasons.push(reason) });
    expect(fetched.sha256).toBe(SHA256);
    expect(reasons).toHaveLength(2);
  });

  test.each([
    ["a path", (file: string) => file],
    ["a relative path", () => "local.tar"],
    ["a file address", (file: string) => `file://${file}`],
  ])("from %s", async (_, address) => {
    const file = join(folder, "local.tar");
    await writeFile(file, CONTENT);
    expect(await fetchIt({ url: address(file) })).toEqual({
      bytes: CONTENT.length,
      sha256: SHA256,
    });
  });
});

describe("nothing is left when", () => {
  const fails = async (changes: Partial<FetchRequest>, expected: object) => {
    await rm(join(folder, "target"), { force: true });
    await expect(fetchIt(changes)).rejects.toMatchObject(expected);
    expect(await readdir(folder)).not.toContain("target");
  };

  test("there is no such file on the server, which is asked once", async () => {
    answers = [status(404)];
    await fails({}, { code: "input", message: expect.stringContaining("answered 404") });
    expect(asked).toBe(1);
  });

  test("the server fails each time", async () => {
    answers = [status(500)];
    await fails({}, { code: "transient", message: expect.stringContaining("answered 500") });
    expect(asked).toBe(4);
  });

  test("nobody listens", async () => {
    await fails({ url: "http://127.0.0.1:1/x.tar" }, { code: "transient" });
  });

  test("the checksum is another", async () => {
    answers = [good];
    const message = expect.stringContaining(`its SHA-256 is ${SHA256}`);
    await fails({ sha256: "0".repeat(64) }, { code: "input", message });
    expect(asked).toBe(1);
  });

  test("it is too large", async () => {
    answers = [good];
    await fails({ limit: 1000 }, { code: "input", message: expect.stringContaining("larger") });
  });

  test("the server says that it is larger", async () => {
    answers = [(response) => response.writeHead(200, { "content-length": 1e12 }).flushHeaders()];
    await fails({}, { code: "input", message: expect.stringContaining("larger") });
  });

  test("the server never ends", async () => {
    answers = [flood];
    await fails({ limit: 3e6 }, { code: "input", message: expect.stringContaining("larger") });
    expect(asked).toBe(1);
  });

  test("the server trickles, whatever the attempts", async () => {
    answers = [trickle];
    const message = expect.stringContaining("it took more than 0.2 seconds");
    const hint = expect.stringContaining("NUA_SOURCE_TIMEOUT");
    await fails({ timeout: 200 }, { code: "transient", message, hint });
  });

  test("the server sends on in a circle", async () => {
    answers = [sendOn("/again")];
    const message = expect.stringContaining("sent on 10 times");
    await fails({}, { code: "input", message });
    expect(asked).toBe(11);
  });

  test.each(["file:///etc/passwd", "ftp://host/x", "http://"])(
    "it is sent on to %s",
    async (to) => {
      answers = [sendOn(to), good];
      await fails({}, { code: "input", message: expect.stringContaining("no address") });
      expect(asked).toBe(1);
    },
  );

  test("it is a local file that is missing", async () => {
    await fails({ url: "missing.tar" }, { code: "input" });
  });

  test("it is interrupted while it waits for another attempt", async () => {
    answers = [status(503)];
    const controller = new AbortController();
    const onRetry = () => setTimeout(() => controller.abort(new Error("Ctrl-C")), 10);
    const { signal } = controller;
    await fails({ signal, onRetry, delay: 60_000 }, { message: "Ctrl-C" });
  });
});

test("a server may send on, and the password is for its own host only", async () => {
  const seen: (string | undefined)[] = [];
  const note = (answer: (response: ServerResponse) => void) => (response: ServerResponse) => {
    seen.push(response.req.headers.authorization);
    answer(response);
  };
  const there = `http://localhost:${port}/app.tar.gz`;
  answers = [note(sendOn("other")), note(sendOn(there)), note(good)];
  const fetched = await fetchIt({ url: `http://me:secret@127.0.0.1:${port}/app.tar.gz` });
  expect(fetched.sha256).toBe(SHA256);
  const basic = `Basic ${btoa("me:secret")}`;
  expect(seen).toEqual([basic, basic, undefined]);
});

test("what is in its place is neither written nor removed", async () => {
  answers = [good];
  const mine = join(folder, "mine");
  await writeFile(mine, "mine");
  for (const make of [symlink, link]) {
    await rm(join(folder, "target"), { force: true });
    await make(mine, join(folder, "target"));
    await expect(fetchIt()).rejects.toMatchObject({
      code: "input",
      message: expect.stringContaining('"target" is in its place'),
    });
    expect(await readFile(mine, "utf8")).toBe("mine");
  }
  await rm(join(folder, "target"));
  await symlink(join(folder, "nowhere"), join(folder, "target"));
  await expect(fetchIt()).rejects.toMatchObject({ code: "input" });
  expect(await readdir(folder)).not.toContain("nowhere");
});

test("names and passwords are left out of messages", () => {
  expect(publicUrl("https://me:secret@host/a@b.tar")).toBe("https://host/a@b.tar");
  expect(publicUrl("https://host/x")).toBe("https://host/x");
});
