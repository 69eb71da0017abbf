import { expect, test } from "bun:test";
import { BASE_LABEL } from "../../../src/images/archive/read-archive.ts";
import type { NetworkSettings } from "../../../src/protocol/network-settings.ts";
import { scanImageStep } from "../../../src/steps/scan-image.ts";
import { imageOf, packImage, tarOf } from "../../helpers/image-archive.ts";
import { Recorder, recordedSession } from "../../helpers/recorder.ts";

/** Scans an image of two layers, of which the lower one is its base's. */
async function scan(
  settings: NetworkSettings,
  { base = "", app = "" }: { base?: string; app?: string },
): Promise<{ calls: string[]; told: string[]; error: unknown }> {
  const layers = [await tarOf({ "etc/base": base }), await tarOf({ "app/file": app })];
  const { diffIds, ...image } = imageOf(layers);
  const archive = packImage({ diffIds, ...image }, "docker-25");
  const engine = new Recorder({
    images: [
      { id: "sha256:base", tags: ["base:1"], diffIds: diffIds.slice(0, 1) },
      { id: "sha256:app", labels: { [BASE_LABEL]: "base:1" }, diffIds, archive },
    ],
  });
  const { session, told } = recordedSession(engine);
  const facts = await engine.getImage("sha256:app");
  const error = await scanImageStep
    .run(
      { image: { ...facts, tag: "nua-app:1.0", steps: [], warnings: [] } },
      { ...session, networkSettings: async () => settings },
    )
    .catch((caught: unknown) => caught);
  return { calls: engine.calls, told, error };
}

test("without mirrors and proxies the image is not read", async () => {
  expect((await scan({}, {})).calls).toEqual([]);
});

test("a password that the build only needs is an error, which does not tell it", async () => {
  const pipIndex = "https://me:s3cret-word@index.example/simple/";
  const { error } = await scan({ pipIndex }, { app: "x s3cret-word y" });
  expect(error).toMatchObject({ code: "check" });
  expect(String(error)).toContain("the password of pipIndex is in layer sha256:");
  expect(String(error)).not.toContain("s3cret-word");
});

test("an address is told", async () => {
  const npmRegistry = "https://npm.example/registry/";
  const { told, error } = await scan({ npmRegistry }, { app: "https://npm.example/registry/x" });
  expect(error).toBeUndefined();
  expect(told[0]).toStartWith("warn: nua-app:1.0 holds the address of npmRegistry, which only");
});

test("what is in the base was there before", async () => {
  const npmRegistry = "https://npm.example/registry";
  const { calls, told } = await scan({ npmRegistry }, { base: npmRegistry });
  expect(calls).toEqual(["save sha256:app"]);
  expect(told).toEqual(["detail: Nothing of mirrors and proxies is in the image"]);
});
