import { expect, test } from "bun:test";
import { chmod, copyFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { diskError } from "../../../../src/images/archive/disk.ts";
import { ensureOutputFolder } from "../../../../src/images/transfer/target.ts";
import { folderPrefix } from "../../../../src/runs/own-names.ts";
import { loadSettings } from "../../../../src/session/settings.ts";
import { NOWHERE } from "../../../helpers/nowhere.ts";

test("a device is not replaced by a file", () => {
  expect(ensureOutputFolder("/dev/null")).rejects.toMatchObject({
    code: "usage",
    message: 'Save to "/dev/null": it is neither a file nor a folder',
  });
});

test.each([
  ["-", "-"],
  ["/dev/stdout", "-"],
  ["/dev/fd/1", "-"],
  ["/proc/self/fd/1", "-"],
  ["/dev/stdout.tar", "/dev/stdout.tar"],
])("the output %s is %s", (output, resolved) => {
  expect(loadSettings({ output }, { HOME: NOWHERE }).output).toBe(resolved);
});

const AS_NOBODY = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"];

test("a folder whose own folder is root's is enough", async () => {
  const parent = await mkdtemp("/var/tmp/nua-target-");
  const folder = join(parent, "everybody's");
  await mkdir(folder);
  await chmod(parent, 0o755);
  await chmod(folder, 0o1777);
  // The repository may be in a folder that nobody else may read.
  const program = join(parent, "bun");
  await copyFile(process.execPath, program);
  const entry = join(import.meta.dir, "../../../../src/images/transfer/target.ts");
  await Bun.build({ entrypoints: [entry], outdir: parent, target: "bun" });
  await chmod(join(parent, "target.js"), 0o644);
  const script = `
    const { ensureOutputFolder } = await import(${JSON.stringify(join(parent, "target.js"))});
    const told = (error) => error.message;
    const outputs = ["everybody's", "everybody's/", "everybody's/app.tar", "app.tar"];
    for (const one of outputs) console.log(one, await ensureOutputFolder(one).catch(told));`;
  const { stdout } = Bun.spawnSync([...AS_NOBODY, program, "-e", script], { cwd: parent });
  await rm(parent, { recursive: true });
  expect(stdout.toString().trim().split("\n")).toEqual([
    "everybody's undefined",
    "everybody's/ undefined",
    "everybody's/app.tar undefined",
    `app.tar Save to "app.tar": permission denied: "${parent}"`,
  ]);
});

test.each([
  ["a temporary folder", `/var/tmp/${folderPrefix()}a1B2c3/layer.part`, "--build-dir"],
  ["a folder of archives", "/srv/app.tar", "--output"],
])("a full disk under %s is remedied by another one", (_, path, flag) => {
  const cause = Object.assign(new Error("full"), { code: "ENOSPC" });
  expect(diskError("Write it", path, cause).hint).toBe(
    `make room there, or name another folder with ${flag}`,
  );
});
