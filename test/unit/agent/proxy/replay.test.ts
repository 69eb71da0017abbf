import { describe, expect, test } from "bun:test";
import { ask, BIG, createBuilds, PLAIN, SECURE, startSite } from "./site.ts";

describe("what was recorded is answered again", () => {
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
    const recording = await builds.record(site.networkSettings);
    const first = await ask(recording, url);
    expect([first.status, await first.text()]).toEqual([status, body]);
    await recording.close("app");
    const asked = site.asked.length;
    const replay = await builds.replay();
    const second = await ask(replay, url);
    expect([second.status, await second.text()]).toEqual([status, body]);
    expect(second.headers.get("location")).toBe(first.headers.get("location"));
    expect(second.headers.get("content-type")).toBe(first.headers.get("content-type"));
    expect(await replay.missing()).toEqual([]);
    await replay.close("app");
    expect(site.asked.length).toBe(asked);
  });

  test("posts, by what was posted", async () => {
    using site = await startSite();
    using builds = createBuilds();
    const recording = await builds.record(site.networkSettings);
    const post = { method: "POST" };
    for (const body of ["a", "b"]) {
      await (await ask(recording, `${SECURE}post`, { ...post, body })).text();
    }
    await recording.close("app");
    const replay = await builds.replay();
    const answers = ["b", "a", "c"].map(async (body) => {
      const answer = await ask(replay, `${SECURE}post`, { ...post, body });
      return [answer.status, await answer.text()];
    });
    expect((await Promise.all(answers)).slice(0, 2)).toEqual([
      [200, "posted b\n"],
      [200, "posted a\n"],
    ]);
    expect((await answers[2])?.[0]).toBe(404);
    await replay.close("app");
  });

  test("a request for the head alone, also from a whole answer", async () => {
    using site = await startSite();
    using builds = createBuilds();
    const recording = await builds.record(site.networkSettings);
    await ask(recording, `${SECURE}file`, { method: "HEAD" });
    await (await ask(recording, `${SECURE}same`)).text();
    await recording.close("app");
    const replay = await builds.replay();
    for (const path of ["file", "same"]) {
      const answer = await ask(replay, SECURE + path, { method: "HEAD" });
      expect([answer.status, answer.headers.get("content-length")]).toEqual([200, "7"]);
    }
    // The head is not the whole.
    expect((await ask(replay, `${SECURE}file`)).status).toBe(404);
    await replay.close("app");
  });

  test("by what is accepted, where the answer depends on it; else any", async () => {
    using site = await startSite();
    using builds = createBuilds();
    const recording = await builds.record(site.networkSettings);
    const read = async (route: typeof recording, path: string, accept: string) =>
      (await ask(route, SECURE + path, { headers: { accept } })).text();
    for (const accept of ["text/html", "text/json"]) await read(recording, "accept", accept);
    await read(recording, "file", "text/html");
    await recording.close("app");
    expect(builds.recorded().map(({ url, accept }) => [url, accept])).toEqual([
      [`${SECURE}accept`, "text/html"],
      [`${SECURE}accept`, "text/json"],
      [`${SECURE}file`, null],
    ]);
    const replay = await builds.replay();
    expect(await read(replay, "accept", "text/json")).toBe("as text/json\n");
    expect(await read(replay, "accept", "text/xml")).toBe("as text/html\n");
    expect(await read(replay, "file", "text/xml")).toBe("a file\n");
    await replay.close("app");
  });

  test("compressed as it was, and decompressed for who cannot", async () => {
    using site = await startSite();
    using builds = createBuilds();
    const read = async (route: typeof recording, path: string, coding: string) => {
      const headers = { "accept-encoding": coding };
      const answer = await ask(route, SECURE + path, { headers, ...AS_SENT });
      return [answer.headers.get("content-encoding"), Buffer.from(await answer.arrayBuffer())];
    };
    const recording = await builds.record(site.networkSettings);
    const [, packed] = await read(recording, "packed", "br, gzip");
    const [, file] = await read(recording, "file.gz", "identity");
    await recording.close("app");
    const replay = await builds.replay();
    expect(await read(replay, "packed", "gzip")).toEqual(["gzip", packed!]);
    expect(await read(replay, "packed", "identity")).toEqual([null, Buffer.from("packed\n")]);
    expect(await read(replay, "file.gz", "identity")).toEqual(["gzip", file!]);
    await replay.close("app");
  });

  test("large bodies, in flat memory", async () => {
    using site = await startSite();
    using builds = createBuilds();
    const read = async (route: typeof recording) => {
      let bytes = 0;
      for await (const chunk of (await ask(route, `${SECURE}big`)).body ?? [])
        bytes += chunk.length;
      return bytes;
    };
    const recording = await builds.record(site.networkSettings);
    expect(await read(recording)).toBe(BIG);
    await recording.close("app");
    const replay = await builds.replay();
    expect(await read(replay)).toBe(BIG);
    await replay.close("app");
  });
});

/** The runtime's own: bodies as they were sent. */
const AS_SENT = { decompress: false };
