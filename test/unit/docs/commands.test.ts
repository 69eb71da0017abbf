/**
 * docs/starting.md and docs/languages hold: their files are written, their commands are run in
 * order, in one folder for each page, and print what stands below them.
 *
 * A block whose first line has a name after its language is the file of that name. A block
 * `console` has commands after `$ `, and lines that they print: in that order, and others between
 * them may be left out; `…` stands for any text in a line.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const ROOT = join(import.meta.dir, "../../..");
const LANGUAGES = readdirSync(join(ROOT, "docs/languages")).map((name) => `languages/${name}`);
const BLOCK = /^```(\w*)(?: (\S+))?\n([\s\S]*?)^```$/gm;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "nua-docs-"));
  const program = join(folder, "bin/nua-build");
  await write(program, `#!/bin/sh\nexec "${process.execPath}" "${ROOT}/bin/nua-build.ts" "$@"\n`);
  await chmod(program, 0o755);
});
afterAll(() => rm(folder, { recursive: true }));

describe.each(["starting.md", ...LANGUAGES])("docs/%s", (page) => {
  const text = readFileSync(join(ROOT, "docs", page), "utf8");
  const blocks = [...text.matchAll(BLOCK)].map(([, language = "", file = "", body = ""]) => {
    return { language, file, body, line: lineOf(text, body) };
  });

  test("has commands, and each other block is a file", () => {
    expect(blocks.some(({ language }) => language === "console")).toBe(true);
    const others = blocks.filter(({ language, file }) => language !== "console" && file === "");
    expect(others.map(({ line }) => line)).toEqual([]);
  });

  test("holds", async () => {
    const cwd = join(folder, page.replaceAll(/\W/g, "-"));
    await mkdir(cwd);
    for (const { language, file, body, line } of blocks) {
      if (language !== "console") await write(join(cwd, file), body);
      else
        for (const command of commandsOf(body)) {
          const { printed, status } = await run(command.line, cwd);
          const what = `${page}:${line}: ${command.line}`;
          expect({ what, status, told: status === 0 ? "" : printed }).toEqual({
            what,
            status: 0,
            told: "",
          });
          expect(printed, what).toMatch(command.prints);
        }
    }
  }, 60_000);
});

// --- internal ---

interface Command {
  line: string;
  prints: RegExp;
}

function commandsOf(body: string): Command[] {
  return body
    .split(/^\$ /m)
    .slice(1)
    .map((one) => {
      const [line = "", ...lines] = one.trimEnd().split("\n");
      const patterns = lines.map(
        (text) => `^[ \\t]*${text.trim().split("…").map(RegExp.escape).join(".*")}$`,
      );
      return { line, prints: new RegExp(patterns.join("[^]*\\n"), "m") };
    });
}

/** Both streams, as a terminal shows them; without the settings of whoever runs the tests. */
async function run(line: string, cwd: string): Promise<{ printed: string; status: number }> {
  const child = Bun.spawn(["bash", "-euo", "pipefail", "-c", `{ ${line}; } 2>&1`], {
    cwd,
    env: {
      ...{ PATH: `${join(folder, "bin")}:${process.env.PATH}`, HOME: folder, LANG: "C.UTF-8" },
      ...{ XDG_CONFIG_DIRS: join(folder, "config"), NO_COLOR: "1" },
    },
  });
  const printed = await new Response(child.stdout).text();
  return { printed, status: await child.exited };
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

function lineOf(text: string, part: string): number {
  return text.slice(0, text.indexOf(part)).split("\n").length;
}
