import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { MISSING_MARKER } from "../../../../src/protocol/exchanges.ts";
import { ask, BIG, createBuilds, PLAIN, SECURE, startSite } from "./site.ts";

describe("what is kept", () => {
  test("is whole, whatever was asked for", async () => {
    using site = await startSite();
    using builds = createBuilds();
    const recording = await builds.record(site.networkSettings);
    const headers = { range: "bytes=0-1", "if-none-match": '"1"', "if-range": '"1"' };
    const answer = await ask(recording, `${SECURE}file`, { headers });
    expect([answer.status, await answer.text()]).toEqual([200, "a file\n"]);
    expect(answer.headers.get("accept-ranges")).toBeNull();
    await recording.close("app");
    expect(Object.keys(site.asked[0]?.headers ?? {}).sort()).toEqual([
      ...["accept", "accept-encoding", "connection", "host", "user-agent"],
    ]);
  });

  test("is each content once, by its digest", async () => {
    using site = await startSite();
    using builds = createBuilds();
    const recording = await builds.record(site.networkSettings);
    await recording.setRequester("build.build[0]");
    for (const path of ["file", "same"]) {
      const headers = { "user-agent": "Debian APT-HTTP/1.3 (2.6.1)" };
      await (await ask(recording, SECURE + path, { headers })).text();
    }
    await recording.close("app");
    const digest = new Bun.CryptoHasher("sha256").update("a file\n").digest("hex");
    expect(readdirSync(join(builds.folder, "blobs"))).toEqual([digest]);
    expect(builds.recorded()).toEqual(
      ["file", "same"].map((path) => ({
        ...{ method: "GET", url: SECURE + path, accept: null, body: null, status: 200 },
        headers: { "content-type": "text/plain", etag: '"1"' },
        ...{ content: digest, bytes: 7, client: "apt", wantedBy: "build.build[0]", detail: null },
      })),
    );
  });

  test("is nothing that may be otherwise soon, or was cut", async () => {
    using site = await startSite();
    using builds = createBuilds();
    const recording = await builds.record({ ...site.networkSettings, noProxy: "*" });
    const post = { method: "POST", body: "x" };
    expect((await ask(recording, `${SECURE}broken`, post)).status).toBe(500);
    expect((await ask(recording, `${SECURE}busy`, post)).status).toBe(429);
    const away = await ask(recording, "http://127.0.0.1:1/", post);
    expect([away.status, await away.text()]).toEqual([
      502,
      expect.stringContaining('Fetch "http://127.0.0.1:1/" for bun: '),
    ]);
    const cut = async () => (await ask(recording, `${SECURE}cut`)).arrayBuffer();
    await expect(cut()).rejects.toThrow();
    await Bun.sleep(200);
    await recording.close("app");
    expect(builds.recorded()).toEqual([]);
    expect(readdirSync(join(builds.folder, "blobs"))).toEqual([]);
  });

  test("is whole when the client has read a part", async () => {
    using site = await startSite();
    using builds = createBuilds();
    const recording = await builds.record(site.networkSettings);
    const reader = (await ask(recording, `${SECURE}big`)).body?.getReader();
    await reader?.read();
    await reader?.cancel();
    await recording.close("app");
    expect(builds.recorded().map(({ bytes }) => bytes)).toEqual([BIG]);
  });

  test("is no name and no password", async () => {
    using site = await startSite();
    using builds = createBuilds();
    const recording = await builds.record(site.networkSettings);
    const open = await ask(recording, `${SECURE}private`);
    expect(open.status).toBe(401);
    const headers = { authorization: `Basic ${btoa("name:s3cret")}` };
    const closed = await ask(recording, `${SECURE}private`, { headers });
    expect([closed.status, await closed.text()]).toEqual([200, "private\n"]);
    expect(closed.headers.getSetCookie()).toEqual(["session=s3cret"]);
    const named = await ask(recording, PLAIN.replace("//", "//name:s3cret@").concat("private"));
    expect(named.status).toBe(200);
    await ask(recording, `${SECURE}moved-with-name`);
    await recording.close("app");
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
    const recording = await builds.record(site.networkSettings);
    await (await ask(recording, `${SECURE}file`)).text();
    await recording.close("app");
    const lines: string[] = [];
    const replay = await builds.replay(lines);
    await replay.setRequester("yarn.lock");
    const headers = { "user-agent": "npm/10.8.2 node/v20" };
    for (let time = 0; time < 2; time += 1) {
      const answer = await ask(replay, `${SECURE}other`, { headers });
      expect([answer.status, await answer.text()]).toEqual([
        404,
        "Build from a bundle: https://secure.invalid/other is not among its inputs\n",
      ]);
    }
    const missing = { method: "GET", url: `${SECURE}other`, client: "npm", wantedBy: "yarn.lock" };
    expect(lines).toEqual([MISSING_MARKER + JSON.stringify(missing)]);
    expect(await (await ask(replay, "http://nua.invalid/missing")).json()).toEqual([missing]);
    // Its content is gone.
    rmSync(join(builds.folder, "blobs"), { recursive: true });
    expect((await ask(replay, `${SECURE}file`)).status).toBe(404);
    expect((await replay.missing()).map(({ url }) => url)).toEqual([
      `${SECURE}other`,
      `${SECURE}file`,
    ]);
    await replay.close("app");
  });
});
