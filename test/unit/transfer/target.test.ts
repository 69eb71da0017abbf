import { expect, test } from "bun:test";
import { diskError } from "../../../src/archive/disk.ts";
import { ensureOutputFolder } from "../../../src/transfer/target.ts";

test("a device is not replaced by a file", () => {
  expect(ensureOutputFolder("/dev/null")).rejects.toMatchObject({
    code: "usage",
    message: 'Save to "/dev/null": it is neither a file nor a folder',
  });
});

test.each([
  ["/var/tmp/nua-build-a1B2c3/layer.part", "--build-dir"],
  ["/srv/app.tar", "--output"],
])("a full disk under %s is remedied by %s", (path, flag) => {
  const cause = Object.assign(new Error("full"), { code: "ENOSPC" });
  expect(diskError("Write it", path, cause).hint).toBe(
    `make room there, or name another folder with ${flag}`,
  );
});
