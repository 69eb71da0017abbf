/** The agent's scripts of C and C++: what they gather, and how many compilers they let work. */
import { beforeEach, describe, expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const AGENT = join(import.meta.dirname, "../../../../src/languages/cpp/agent");

let root = "";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "nua-build-test-"));
  mkdirSync(join(root, "app"));
  return () => rmSync(root, { recursive: true, force: true });
});

/** A file below the folder of the test; a program is one of this system's own. */
function put(path: string, kind: "program" | "script" | "text" = "text"): void {
  const at = join(root, path);
  mkdirSync(dirname(at), { recursive: true });
  if (kind === "program") copyFileSync("/bin/true", at);
  else writeFileSync(at, "#!/bin/sh\n");
  chmodSync(at, kind === "text" ? 0o644 : 0o755);
}

function gather(...programs: string[]) {
  const words = programs.flatMap((name) => ["--program", name]);
  const places = ["--built", "../built", "--stage", join(root, "stage"), "--prefix", "local"];
  const argv = [join(AGENT, "gather_programs.py"), ...words, ...places, "--bin", "bin"];
  const { status, stdout, stderr } = spawnSync("python3", argv, {
    ...{ cwd: join(root, "app"), encoding: "utf8" },
  });
  return { status, said: stdout + stderr };
}

const inside = (path: string) => `stage${root}/app/local/${path}`;
const listed = (folder: string) => {
  const at = join(root, "app", folder);
  return existsSync(at) ? readdirSync(at, { recursive: true, encoding: "utf8" }).sort() : [];
};

describe("gathers", () => {
  test("a program that was made, and nothing beside it", () => {
    put("built/src/shop", "program");
    put("built/src/other", "program");
    put("built/src/shop.o");
    expect(gather("shop")).toEqual({ status: 0, said: "" });
    expect(listed("bin")).toEqual(["shop"]);
  });

  test("what is installed, without what other builds read", () => {
    put(inside("sbin/shopd"), "program");
    put(inside("bin/shopctl"), "script");
    for (const path of ["share/shop/a.txt", "include/shop.h", "lib/libshop.a", "share/man/a.1"]) {
      put(inside(path));
    }
    expect(gather("shopd")).toEqual({ status: 0, said: "" });
    expect(listed("bin")).toEqual(["shopctl", "shopd"]);
    expect(readlinkSync(join(root, "app/bin/shopd"))).toBe("../local/sbin/shopd");
    expect(listed("local").filter((path) => path.includes("."))).toEqual(["share/shop/a.txt"]);
  });

  test("nothing for places of the system, and says so", () => {
    put(inside("bin/shop"), "program");
    put("stage/etc/shop.conf");
    expect(gather("shop").said).toBe(
      "warning: not taken, since they are for places of the system: /etc/shop.conf\n",
    );
  });

  test("the only one that there is, whatever it is called", () => {
    put("built/server", "program");
    expect(gather("shop")).toEqual({
      ...{ status: 0, said: "note: there is no program shop: server is taken for it\n" },
    });
    expect(readlinkSync(join(root, "app/bin/shop"))).toBe("server");
  });

  test("none of several that are called otherwise, and names them", () => {
    put("built/one", "program");
    put("built/two", "program");
    expect(gather("shop")).toEqual({
      status: 1,
      said: "The build has made no program shop: there are one, two.\nName it in run.start, or with build.app.\n",
    });
  });

  test("every one that is started", () => {
    put("built/one", "program");
    put("built/two", "program");
    expect(gather("one", "two").status).toBe(0);
    expect(listed("bin")).toEqual(["one", "two"]);
  });
});

test("at least one compiler works, and no more than there are processors", () => {
  const { stdout } = spawnSync("python3", [join(AGENT, "count_jobs.py")], { encoding: "utf8" });
  expect(Number(stdout)).toBeGreaterThanOrEqual(1);
  expect(Number(stdout)).toBeLessThanOrEqual(navigator.hardwareConcurrency);
});
