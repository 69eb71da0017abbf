import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { MISSING_MARKER } from "../../../../src/shared/exchanges.ts";
import { ask, BIG, createBuilds, PLAIN, SECURE, startSite } from "./site.ts";

describe("what was captured is answered again", () => {
  test.each([
    ["over http", `${PLAIN}file`, 200, "a file\n"],
    ["over https", `${SECURE}file`, 200, "a file\n"],
    ["nothing", `${SECURE}none`, 404, "nothing at /none\n"],
    ["an empty body", `${SECURE}empty`, 200, ""],
    ["a redirection", `${SECURE}moved`, 302, ""],
    ["with a query", `${SECURE}file?a=1&b=2`, 200, "a file\n"],
    ["after a fault", `${SECURE}flaky`, 200, "at last\n"],
  ])("%s", async (_, url, status, body) => {
    using site = await startSite();
    using builds = createBuilds();
    const captured = await builds.capture(site.surroundings);
    const first = await ask(captured, url);
    expect([first.status, await first.text()]).toEqual([status, body]);
    await captured.close("app");
    const asked = site.asked.length;
    const sealed = await builds.seal();
    const second = await ask(sealed, url);
    expect([second.status, await second.text()]).toEqual([status, body]);
    expect(second.headers.get("location")).toBe(first.headers.get("location"));
    expect(second.headers.get("content-type")).toBe(first.headers.get("content-type"));
    expect(await sealed.missing()).toEqual([]);
    await sealed.close("app");
    expect(site.asked.length).toBe(asked);
  });

  test("posts, by what was posted", async () => {
    using site = await startSite();
    using builds = createBuilds();
    const captured = await builds.capture(site.surroundings);
    const post = { method: "POST" };
    for (const body of ["a", "b"]) {
      await (await ask(captured, `${SECURE}post`, { ...post, body })).text();
    }
    await captured.close("app");
    const sealed = await builds.seal();
    const answers = ["b", "a", "c"].map(async (body) => {
      const answer = await ask(sealed, `${SECURE}post`, { ...post, body });
      return [answer.status, await answer.text()];
    });
    expect((await Promise.all(answers)).slice(0, 2)).toEqual([
      [200, "posted b\n"],
      [200, "posted a\n"],
    ]);
    expect((await answers[2])?.[0]).toBe(404);
    await sealed.close("app");
  });

  test("a question for the head alone, also from a whole answer", async () => {
    using site = await startSite();
    using builds = createBuilds();
    const captured = await builds.capture(site.surroundings);
    await ask(captured, `${SECURE}file`, { method: "HEAD" });
    await (await ask(captured, `${SECURE}same`)).text();
    await captured.close("app");
    const sealed = await builds.seal();
    for (const path of ["file", "same"]) {
      const answer = await ask(sealed, SECURE + path, { method: "HEAD" });
      expect([answer.status, answer.headers.get("content-length")]).toEqual([200, "7"]);
    }
    // The head is not the whole.
    expect((await ask(sealed, `${SECURE}file`)).status).toBe(404);
    await sealed.close("app");
  });

  test("by what is accepted, where the answer depends on it; else any", async () => {
    using site = await startSite();
    using builds = createBuilds();
    const captured = await builds.capture(site.surroundings);
    const read = async (route: typeof captured, path: string, accept: string) =>
      (await ask(route, SECURE + path, { headers: { accept } })).text();
    for (const accept of ["text/html", "text/json"]) await read(captured, "accept", accept);
    await read(captured, "file", "text/html");
    await captured.close("app");
    expect(builds.captured().map(({ url, accept }) => [url, accept])).toEqual([
      [`${SECURE}accept`, "text/html"],
      [`${SECURE}accept`, "text/json"],
      [`${SECURE}file`, null],
    ]);
    const sealed = await builds.seal();
    expect(await read(sealed, "accept", "text/json")).toBe("as text/json\n");
    expect(await read(sealed, "accept", "text/xml")).toBe("as text/html\n");
    expect(await read(sealed, "file", "text/xml")).toBe("a file\n");
    await sealed.close("app");
  });

  test("compressed as it was, and decompressed for who cannot", async () => {
    using site = await startSite();
    using builds = createBuilds();
    const read = async (route: typeof captured, path: string, coding: string) => {
      const headers = { "accept-encoding": coding };
      const answer = await ask(route, SECURE + path, { headers, ...AS_SENT });
      return [answer.headers.get("content-encoding"), Buffer.from(await answer.arrayBuffer())];
    };
    const captured = await builds.capture(site.surroundings);
    const [, packed] = await read(captured, "packed", "br, gzip");
    const [, file] = await read(captured, "file.gz", "identity");
    await captured.close("app");
    const sealed = await builds.seal();
    expect(await read(sealed, "packed", "gzip")).toEqual(["gzip", packed!]);
    expect(await read(sealed, "packed", "identity")).toEqual([null, Buffer.from("packed\n")]);
    expect(await read(sealed, "file.gz", "identity")).toEqual(["gzip", file!]);
    await sealed.close("app");
  });

  test("large bodies, in flat memory", async () => {
    using site = await startSite();
    using builds = createBuilds();
    const read = async (route: typeof captured) => {
      let bytes = 0;
      for await (const chunk of (await ask(route, `${SECURE}big`)).body ?? [])
        bytes += chunk.length;
      return bytes;
    };
    const captured = await builds.capture(site.surroundings);
    expect(await read(captured)).toBe(BIG);
    await captured.close("app");
    const sealed = await builds.seal();
    expect(await read(sealed)).toBe(BIG);
    await sealed.close("app");
  });
});

describe("what is kept", () => {
  test("is whole, whatever was asked for", async () => {
    using site = await startSite();
    using builds = createBuilds();
    const captured = await builds.capture(site.surroundings);
    const headers = { range: "bytes=0-1", "if-none-match": '"1"', "if-range": '"1"' };
    const answer = await ask(captured, `${SECURE}file`, { headers });
    expect([answer.status, await answer.text()]).toEqual([200, "a file\n"]);
    expect(answer.headers.get("accept-ranges")).toBeNull();
    await captured.close("app");
    expect(Object.keys(site.asked[0]?.headers ?? {}).sort()).toEqual([
      ...["accept", "accept-encoding", "connection", "host", "user-agent"],
    ]);
  });

  test("is each content once, by its digest", async () => {
    using site = await startSite();
    using builds = createBuilds();
    const captured = await builds.capture(site.surroundings);
    await captured.wantFor("build.build[0]");
    for (const path of ["file", "same"]) {
      const headers = { "user-agent": "Debian APT-HTTP/1.3 (2.6.1)" };
      await (await ask(captured, SECURE + path, { headers })).text();
    }
    await captured.close("app");
    const digest = new Bun.CryptoHasher("sha256").update("a file\n").digest("hex");
    expect(readdirSync(join(builds.folder, "blobs"))).toEqual([digest]);
    expect(builds.captured()).toEqual(
      ["file", "same"].map((path) => ({
        ...{ method: "GET", url: SECURE + path, accept: null, body: null, status: 200 },
        headers: { "content-type": "text/plain", etag: '"1"' },
        ...{ content: digest, bytes: 7, client: "apt", wantedBy: "build.build[0]" },
      })),
    );
  });

  test("is nothing that may be otherwise soon, or was cut", async () => {
    using site = await startSite();
    using builds = createBuilds();
    const captured = await builds.capture({ ...site.surroundings, noProxy: "*" });
    const post = { method: "POST", body: "x" };
    expect((await ask(captured, `${SECURE}broken`, post)).status).toBe(500);
    expect((await ask(captured, `${SECURE}busy`, post)).status).toBe(429);
    const away = await ask(captured, "http://127.0.0.1:1/", post);
    expect([away.status, await away.text()]).toEqual([
      502,
      expect.stringContaining('Fetch "http://127.0.0.1:1/" for bun: '),
    ]);
    expect((async () => (await ask(captured, `${SECURE}cut`)).arrayBuffer())()).rejects.toThrow();
    await Bun.sleep(200);
    await captured.close("app");
    expect(builds.captured()).toEqual([]);
    expect(readdirSync(join(builds.folder, "blobs"))).toEqual([]);
  });

  test("is whole when the client has read a part", async () => {
    using site = await startSite();
    using builds = createBuilds();
    const captured = await builds.capture(site.surroundings);
    const reader = (await ask(captured, `${SECURE}big`)).body?.getReader();
    await reader?.read();
    await reader?.cancel();
    await captured.close("app");
    expect(builds.captured().map(({ bytes }) => bytes)).toEqual([BIG]);
  });

  test("is no name and no password", async () => {
    using site = await startSite();
    using builds = createBuilds();
    const captured = await builds.capture(site.surroundings);
    const open = await ask(captured, `${SECURE}private`);
    expect(open.status).toBe(401);
    const headers = { authorization: `Basic ${btoa("name:s3cret")}` };
    const closed = await ask(captured, `${SECURE}private`, { headers });
    expect([closed.status, await closed.text()]).toEqual([200, "private\n"]);
    expect(closed.headers.getSetCookie()).toEqual(["session=s3cret"]);
    const named = await ask(captured, PLAIN.replace("//", "//name:s3cret@").concat("private"));
    expect(named.status).toBe(200);
    await ask(captured, `${SECURE}moved-with-name`);
    await captured.close("app");
    const text = readFileSync(join(builds.folder, "exchanges-app.json"), "utf8");
    expect(text).toContain("https://secure.invalid/private");
    expect(text).not.toContain("s3cret");
    expect(text).not.toContain(btoa("name:s3cret"));
  });
});

describe("what is missing", () => {
  test("is named once, and is no error of the proxy's", async () => {
    using site = await startSite();
    using builds = createBuilds();
    const captured = await builds.capture(site.surroundings);
    await (await ask(captured, `${SECURE}file`)).text();
    await captured.close("app");
    const lines: string[] = [];
    const sealed = await builds.seal(lines);
    await sealed.wantFor("yarn.lock");
    const headers = { "user-agent": "npm/10.8.2 node/v20" };
    for (let time = 0; time < 2; time += 1) {
      const answer = await ask(sealed, `${SECURE}other`, { headers });
      expect([answer.status, await answer.text()]).toEqual([
        404,
        "Sealed build: https://secure.invalid/other is not among its inputs\n",
      ]);
    }
    const missing = { method: "GET", url: `${SECURE}other`, client: "npm", wantedBy: "yarn.lock" };
    expect(lines).toEqual([MISSING_MARKER + JSON.stringify(missing)]);
    expect(await (await ask(sealed, "http://nua.invalid/missing")).json()).toEqual([missing]);
    // Its content is gone.
    rmSync(join(builds.folder, "blobs"), { recursive: true });
    expect((await ask(sealed, `${SECURE}file`)).status).toBe(404);
    expect((await sealed.missing()).map(({ url }) => url)).toEqual([
      `${SECURE}other`,
      `${SECURE}file`,
    ]);
    await sealed.close("app");
  });
});

/** The runtime's own: bodies as they were sent. */
const AS_SENT = { decompress: false };
