/** The commands that install a program out of a package of npm's. */
import { expect, test } from "bun:test";
import { DENO } from "../../../src/languages/deno/agent/install-deno.ts";
import { BUN } from "../../../src/languages/node/agent/install-bun.ts";
import { unpackCommands } from "../../../src/languages/npm-program.ts";

test("Deno is one program, in whatever mode its package has it", () => {
  const commands = unpackCommands(DENO, {
    prefix: "/out/usr/local",
    version: "2.0.0",
    file: "/s/d.tgz",
  });
  expect(commands.map((one) => (one.kind === "run" ? one.argv.join(" ") : one))).toEqual([
    "mkdir -p /out/usr/local/bin",
    "tar --extract --gzip --no-same-owner --strip-components=1 -f /s/d.tgz -C /out/usr/local/bin package/deno",
    "chmod 755 /out/usr/local/bin/deno",
    { kind: "write", path: "/out/nua/deno_version", text: "2.0.0\n", mode: 0o644 },
  ]);
});

test("bun is one with another name, and tells no version where no base image is made", () => {
  const commands = unpackCommands(BUN, { prefix: "/nua/.bun", version: "1.4.0", file: "/s/b.tgz" });
  expect(commands.map((one) => (one.kind === "run" ? one.argv.join(" ") : one))).toEqual([
    "mkdir -p /nua/.bun/bin",
    "tar --extract --gzip --no-same-owner --strip-components=2 -f /s/b.tgz -C /nua/.bun/bin package/bin/bun",
    "ln -sf bun /nua/.bun/bin/bunx",
  ]);
});
