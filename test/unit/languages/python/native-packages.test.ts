import { describe, expect, test } from "bun:test";
import { NEEDS } from "../../../../src/languages/python/native-needs.ts";
import { compilerFor, nativePackages } from "../../../../src/languages/python/native-packages.ts";
import { memoryTree } from "../../../helpers/memory-tree.ts";

const names = (files: Record<string, string>) => {
  const { build, run } = nativePackages(memoryTree(files));
  return { build: build.flatMap((one) => one.names), run: run.flatMap((one) => one.names) };
};
const COMPILER = ["build-essential", "python3-dev"];

describe("nativePackages", () => {
  test.each<[string, string, { build: string[]; run: string[] }]>([
    ["psycopg2", "psycopg2==2.9", { build: [...COMPILER, "libpq-dev"], run: ["libpq5"] }],
    ["its wheel", "psycopg2-binary==2.9", { build: [], run: [] }],
    ["psycopg", "psycopg>=3", { build: [], run: ["libpq5"] }],
    ["psycopg with an extra", "psycopg[binary]>=3", { build: [], run: [] }],
    ["psycopg to compile", "psycopg[c]", { build: [...COMPILER, "libpq-dev"], run: ["libpq5"] }],
    [
      "written otherwise",
      "PyCairo; sys_platform == 'linux'",
      { build: [...COMPILER, "pkg-config", "libcairo2-dev"], run: ["libcairo2"] },
    ],
    ["for a program", "pdf2image\npydub", { build: [], run: ["poppler-utils", "ffmpeg"] }],
    ["nothing native", "flask\nrequests", { build: [], run: [] }],
    ["a comment", "# psycopg2\nflask # psycopg2", { build: [], run: [] }],
    ["names of two distributions", "python-magic", { build: [], run: ["libmagic1t64|libmagic1"] }],
  ])("%s", (_, text, expected) => {
    expect(names({ "requirements.txt": text })).toEqual(expected);
  });

  test("tells what asks for it", () => {
    const files = { "pyproject.toml": '[project]\nname = "x"\ndependencies = ["soundfile"]\n' };
    expect(nativePackages(memoryTree(files)).run).toEqual([
      { names: ["libsndfile1"], from: { what: "pyproject.toml: soundfile" } },
    ]);
  });

  test("GeoDjango", () => {
    const files = {
      "manage.py": 'import django\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "s")\n',
      "s.py": 'INSTALLED_APPS = ["django.contrib.gis"]\n',
    };
    expect(names(files).run).toEqual(["gdal-bin"]);
  });

  test("browsers of Playwright are told of", () => {
    const { warnings } = nativePackages(memoryTree({ "requirements.txt": "playwright" }));
    expect(warnings.join()).toContain("playwright install");
  });
});

test("the table has names of packages only", () => {
  for (const need of NEEDS) {
    expect(need.package).toBe(need.package.toLowerCase().replace(/[-_.]+/g, "-"));
    for (const name of [...(need.build ?? []), ...(need.run ?? [])]) {
      expect(name).toMatch(/^[a-z\d][a-z\d+.-]+(\|[a-z\d][a-z\d+.-]+)*$/);
    }
  }
});

describe("compilerFor", () => {
  const SDIST = "a-1.tar.gz";
  const wheel = (tags: string) => `a-1-${tags}.whl`;
  test.each<[string, string[], boolean]>([
    ["a wheel that fits", [SDIST, wheel("cp311-cp311-manylinux_2_17_x86_64")], false],
    ["one of another Python", [SDIST, wheel("cp39-cp39-manylinux_2_17_x86_64")], true],
    ["one of another system", [SDIST, wheel("cp311-cp311-win_amd64")], true],
    ["one for any Python", [SDIST, wheel("py3-none-any")], false],
    ["no wheel at all", [SDIST], false],
  ])("%s", (_, names, expected) => {
    const files = names.map((name) => ({ name, hash: null }));
    const source = { kind: "index", url: null } as const;
    const locked = [{ name: "a", version: "1", marker: null, source, files }] as never;
    const found = compilerFor(locked, { python: "3.11", file: "uv.lock" });
    expect(found.length > 0).toBe(expected);
  });
});
