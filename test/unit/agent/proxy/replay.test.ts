import { describe, expect, test } from "bun:test";
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
    const captured = await builds.capture(site.networkSettings);
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
    const captured = await builds.capture(site.networkSettings);
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
    const captured = await builds.capture(site.networkSettings);
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
    const captured = await builds.capture(site.networkSettings);
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
    const captured = await builds.capture(site.networkSettings);
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
    const captured = await builds.capture(site.networkSettings);
    expect(await read(captured)).toBe(BIG);
    await captured.close("app");
    const sealed = await builds.seal();
    expect(await read(sealed)).toBe(BIG);
    await sealed.close("app");
  });
});

/** The runtime's own: bodies as they were sent. */
const AS_SENT = { decompress: false };
