import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { loadConfigStep } from "../../../src/steps/load-config.ts";
import { openAppStep } from "../../../src/steps/open-app.ts";
import { startGitServer } from "../../helpers/git-server.ts";
import { Recorder, recordedSession } from "../../helpers/recorder.ts";

setDefaultTimeout(60_000);

let base: string;
const at = (...parts: string[]) => join(base, ...parts);

function run(folder: string, ...command: string[]): string {
  const env = { PATH: process.env.PATH, GIT_CONFIG_NOSYSTEM: "1", HOME: "/nonexistent" };
  const { stdout, stderr, success } = Bun.spawnSync(command, { cwd: at(folder), env });
  if (!success) throw new Error(`${command.join(" ")}: ${stderr}`);
  return stdout.toString().trim();
}

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), "nua-open-"));
  mkdirSync(at("src/hello-1.2/web"), { recursive: true });
  mkdirSync(at("build"));
  writeFileSync(at("src/hello-1.2/start.sh"), "exec sleep 1\n", { mode: 0o755 });
  writeFileSync(at("src/hello-1.2/web/nua-config.toml"), '[metadata]\nid = "web"\n');
  run("src", "ln", "-s", "start.sh", "hello-1.2/link");
  run("src", "ln", "hello-1.2/start.sh", "hello-1.2/twin.sh");
  run("src", "tar", "-czf", at("hello-1.2.tgz"), "hello-1.2");
  run("src/hello-1.2", "tar", "-cJf", at("flat.tar.xz"), ".");
  run("src", "tar", "-cf", at("cut.tar"), "hello-1.2");
  writeFileSync(at("cut.tar"), readFileSync(at("cut.tar")).subarray(0, 3000));
  writeFileSync(at("page.html"), "<html></html>");
  writeFileSync(at("empty.zip"), "");
  run("src", "tar", "-cf", at("up.tar"), "--transform", "s|^hello-1.2|../up|", "-P", "hello-1.2");
  run("src/hello-1.2", "ln", "-s", "/etc/passwd", "out");
  run("src", "tar", "-cf", at("leads-out.tar"), "hello-1.2");
  rmSync(at("src/hello-1.2/out"));
  mkdirSync(at("image"));
  writeFileSync(at("image", `${"a".repeat(64)}.json`), "{}");
  run("image", "tar", "-cf", at("image.tar"), ".");
  writeFileSync(at("image/nua-bundle.json"), "{}");
  run("image", "tar", "-cf", at("some.bundle"), "nua-bundle.json");
  run("src/hello-1.2", "git", "init", "--quiet", "--initial-branch", "trunk");
  run("src/hello-1.2", "git", "add", "--all");
  const person = ["-c", "user.name=Ann", "-c", "user.email=ann@example.org"];
  run("src/hello-1.2", "git", ...person, "commit", "--quiet", "--message", "one");
  run("src", "git", "clone", "--quiet", "--bare", "hello-1.2", at("bare/hello.git"));
});
afterAll(() => rmSync(base, { recursive: true }));

const session = () => recordedSession(new Recorder(), { buildDir: at("build") });

/** What the app is, and what its folder has. */
async function open(path: string) {
  const { session: own, told } = session();
  await using app = await openAppStep.run({ path }, own);
  const loaded = await loadConfigStep.run({ ...app, strict: false }, own);
  const files = readdirSync(loaded.root).sort();
  return { ...loaded, files, told: told.map((line) => line.replace(/^step: /, "")) };
}

describe("an archive in place of a folder", () => {
  test("is unpacked for the run, and gone afterwards", async () => {
    const { root, place, files, config, file, told } = await open(at("hello-1.2.tgz"));
    expect({ place, files, file }).toEqual({
      place: at("hello-1.2.tgz"),
      files: ["link", "start.sh", "twin.sh", "web"],
      file: null,
    });
    expect(basename(root)).toBe("hello");
    expect(config.metadata.id).toBe("hello");
    expect(told).toContainEqual(expect.stringMatching(/^SHA-256 [0-9a-f]{64}$/));
    expect(existsSync(dirname(root))).toBe(false);
    expect(readdirSync(at("build"))).toEqual([]);
  });

  test("has its programs, links and hard links", async () => {
    await using app = await openAppStep.run({ path: at("hello-1.2.tgz") }, session().session);
    const inside = (name: string) => join(app.path, name);
    expect(statSync(inside("start.sh")).mode & 0o111).not.toBe(0);
    expect(readFileSync(inside("twin.sh"), "utf8")).toBe("exec sleep 1\n");
    expect(readFileSync(inside("link"), "utf8")).toBe("exec sleep 1\n");
  });

  test("without a folder at its top is called like its file", async () => {
    const { root, config } = await open(at("flat.tar.xz"));
    expect([basename(root), config.metadata.id]).toEqual(["flat", "flat"]);
  });

  test("may hold the app in a folder, with a configuration of its own", async () => {
    const { place, file, config } = await open(`file://${at("hello-1.2.tgz")}#subdirectory=web`);
    expect(file).toEndWith("/web/nua-config.toml");
    expect(config.metadata.id).toBe("web");
    expect(place).toBe(`file://${at("hello-1.2.tgz")}#web`);
  });

  test.each([
    ["cut.tar", "input", "cut.tar"],
    ["page.html", "input", "page.html"],
    ["empty.zip", "input", "no archive with files in it"],
    ["up.tar", "input", "its name leads outside"],
    ["leads-out.tar", "input", 'it leads out of the folder, to "/etc/passwd"'],
    ["image.tar", "input", "it is the archive of an image"],
    ["some.bundle", "input", "it is a bundle"],
  ])("%s is refused, and nothing is left", async (name, code, says) => {
    const error = await open(at(name)).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code });
    expect(String(error)).toContain(says);
    expect(readdirSync(at("build"))).toEqual([]);
  });

  test("of another content than promised is refused", async () => {
    const path = `file://${at("hello-1.2.tgz")}#sha256=${"0".repeat(64)}`;
    expect(open(path)).rejects.toMatchObject({ code: "input" });
  });
});

describe("a git repository in place of a folder", () => {
  test("is taken at the revision that it has chosen itself", async () => {
    using server = startGitServer(at("bare"));
    const { config, place, files, told } = await open(`${server.url}hello.git`);
    expect(config.metadata.id).toBe("hello");
    expect(place).toBe(`git+${server.url}hello.git@HEAD`);
    expect(files).toContain("start.sh");
    const commit = run("src/hello-1.2", "git", "rev-parse", "HEAD");
    expect(told).toContain(`Commit ${commit}`);
  });

  test("by a branch and a folder", async () => {
    using server = startGitServer(at("bare"));
    const { config } = await open(`git+${server.url}hello.git#trunk:web`);
    expect(config.metadata.id).toBe("web");
  });

  test("of this machine", async () => {
    const { config } = await open(`file://${at("bare/hello.git")}`);
    expect(config.metadata.id).toBe("hello");
  });

  test.each([
    ["hello.git#nowhere", 'there is no branch, tag or commit "nowhere"'],
    ["hello.git#:none", 'there is no folder "none"'],
    ["other.git", "Clone"],
  ])("%s is told as what it is", async (word, says) => {
    using server = startGitServer(at("bare"));
    const error = await open(server.url + word).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "input" });
    expect(String(error)).toContain(says);
    expect(readdirSync(at("build"))).toEqual([]);
  });
});
