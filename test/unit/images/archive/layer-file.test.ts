import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readLayerFile } from "../../../../src/images/archive/layer-file.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nua-layer-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A layer, as tar makes it, of what a script puts into a folder. */
async function layer(script: string): Promise<string> {
  const file = join(folder, "layer.tar");
  const words = `set -e; mkdir ${folder}/root; cd ${folder}/root; ${script}; tar -cf ${file} *`;
  expect(Bun.spawnSync(["sh", "-c", words]).exitCode).toBe(0);
  return file;
}

test("a regular file is read, whatever is before it", async () => {
  const file = await layer("mkdir -p a nua/metadata; seq 9999 >a/big; printf '{}' >nua/metadata/x");
  expect(await readLayerFile(file, "/nua/metadata/x")).toBe("{}");
});

test("what the layer does not have as a file there, it does not tell", async () => {
  const file = await layer("mkdir -p nua/real/x; ln -s real nua/metadata; echo no >nua/y");
  expect(await readLayerFile(file, "/nua/metadata/x")).toBeUndefined();
  expect(await readLayerFile(file, "/nua/metadata")).toBeUndefined();
  expect(await readLayerFile(file, "/nua/real/x")).toBeUndefined();
});

test("a layer that is cut short is an error", async () => {
  const file = await layer("seq 9999 >big");
  await Bun.write(file, (await Bun.file(file).bytes()).slice(0, 2000));
  await expect(readLayerFile(file, "/nua/x")).rejects.toThrow("layer.tar");
});
