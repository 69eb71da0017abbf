/** What is wrong with an app of Python's: one message, with its file and line. */
import { describe, expect, test } from "bun:test";
import { toldOf } from "../../../helpers/told.ts";

type Files = Record<string, string>;

const PROJECT = '[project]\nname = "a"\nversion = "1"\n';
const CONFLICT = "<<<<<<< HEAD\nflask\n=======\ndjango\n>>>>>>> theirs\n";
const UV = `version = 1
requires-python = ">=3.11"

[[package]]
name = "a"
version = "1"
source = { virtual = "." }
dependencies = [{ name = "six" }]

[[package]]
name = "six"
version = "1.17.0"
source = { registry = "https://pypi.org/simple" }
`;

/** A project with its lock, and what is other about it. */
const app = (more: Files = {}, lines = ""): Files => ({
  "pyproject.toml": `${PROJECT}dependencies = ["six"]\n${lines}[tool.uv]\npackage = false\n`,
  ...{ "uv.lock": UV, "main.py": "print(1)\n" },
  ...more,
});
const script = (more: Files): Files => ({ "main.py": "print(1)\n", ...more });

test("nothing is told of one without faults", () => {
  expect(toldOf(app())).toEqual({ warnings: [] });
});

describe("is an error:", () => {
  test.each<[string, Files, string]>([
    [
      "a manifest that is no TOML",
      app({ "pyproject.toml": '[project\nname = "a"\n' }),
      "pyproject.toml:1: ",
    ],
    [
      "one with marks of a conflict",
      app({ "pyproject.toml": `${PROJECT}${CONFLICT}` }),
      "pyproject.toml:4: ",
    ],
    [
      "dependencies that are no list",
      app({ "pyproject.toml": `${PROJECT}dependencies = "six"\n` }),
      "pyproject.toml:4: ",
    ],
    [
      "one that is no requirement",
      app({ "pyproject.toml": `${PROJECT}dependencies = ["six=>1"]\n` }),
      "pyproject.toml:4: ",
    ],
    ["a Pipfile that is no TOML", script({ Pipfile: "[packages\n" }), "Pipfile:1: "],
    [
      "a line of requirements that is none",
      script({ "requirements.txt": "six\nflask=>2\n" }),
      'requirements.txt:2: Read "requirements.txt": "flask=>2" is no requirement',
    ],
    [
      "requirements with marks of a conflict",
      script({ "requirements.txt": `six\n${CONFLICT}` }),
      "requirements.txt:2: ",
    ],
    [
      "metadata of a script that is no TOML",
      { "a.py": "# /// script\n# dependencies = [\n# ///\n" },
      "a.py:",
    ],
    ["a lock that is no TOML", app({ "uv.lock": "version = \n" }), "uv.lock:1: "],
    ["a lock of uv's future", app({ "uv.lock": "version = 9\n" }), "uv.lock:1: "],
    [
      "a lock of Pipenv's future",
      script({
        Pipfile: '[packages]\nsix = "*"\n',
        "Pipfile.lock": '{"_meta":{"pipfile-spec":99},"default":{}}',
      }),
      "Pipfile.lock:1: ",
    ],
    [
      "a lock that is no JSON",
      script({ Pipfile: '[packages]\nsix = "*"\n', "Pipfile.lock": '{\n "_meta": {\n' }),
      'Pipfile.lock:3: Read "Pipfile.lock": not valid JSON: ',
    ],
    [
      "a lock with marks of a conflict",
      app({ "uv.lock": `version = 1\n${CONFLICT}` }),
      "uv.lock:2: ",
    ],
    ["a pin that is no version", app({ ".python-version": "banana\n" }), ".python-version:1: "],
    ["a Python of another kind", app({ ".python-version": "pypy3.10\n" }), ".python-version:1: "],
    ["Python 2", app({ "runtime.txt": "\npython-2.7.18\n" }), "runtime.txt:2: "],
    [
      "a pin that nobody has",
      app({ ".python-version": "3.99\n" }),
      '.python-version:1: .python-version:1 asks for python "==3.99.*", which cannot be had',
    ],
    [
      "a range that nothing fits",
      app({}, 'requires-python = ">=3.13,<3.12"\n'),
      "pyproject.toml:5: ",
    ],
    ["a range that is none", app({}, 'requires-python = "soon"\n'), "pyproject.toml:5: "],
    [
      "an environment of conda",
      script({ "environment.yml": "dependencies:\n  - six\n" }),
      "environment.yml:",
    ],
  ])("%s", (_, files, told) => {
    expect(toldOf(files).error).toStartWith(told);
  });

  test("a lock that does not fit, with --frozen", () => {
    const files = app({ "pyproject.toml": `${PROJECT}dependencies = ["six", "idna"]\n` });
    expect(toldOf(files, { frozen: true }).error).toContain("does not fit pyproject.toml");
  });
});

describe("has a sensible reading, which is told:", () => {
  test.each<[string, Files, string]>([
    [
      "pins that contradict each other",
      app({ ".python-version": "3.11\n" }, 'requires-python = ">=3.12"\n'),
      "pyproject.toml:5 asks for Python >=3.12, and .python-version:1 for 3.11, which decides",
    ],
    [
      "two locks",
      app({ "poetry.lock": 'package = []\n[metadata]\nlock-version = "2.0"\n' }),
      "poetry.lock is left alone: uv.lock decides",
    ],
    [
      "no lock",
      script({ "pyproject.toml": `${PROJECT}dependencies = ["six"]\n` }),
      "there is no lock file: two builds may not install the same; uv lock writes uv.lock",
    ],
    [
      "no lock of a project of Poetry's",
      script({
        "pyproject.toml":
          '[tool.poetry]\nname = "a"\nversion = "1"\n[tool.poetry.dependencies]\nsix = "^1"\n',
      }),
      "poetry lock writes poetry.lock",
    ],
    [
      "a lock that does not fit",
      app({ "pyproject.toml": `${PROJECT}dependencies = ["six", "idna"]\n` }),
      "uv.lock does not fit pyproject.toml",
    ],
    [
      "requirements that are not there",
      script({ "requirements.txt": "six\n-r base.txt\n" }),
      'requirements.txt:2 names "base.txt", which is not there',
    ],
    [
      "a Procfile without web",
      app({ Procfile: "worker: x\nclock: y\n" }),
      "Procfile:1, 2: there is no web, so that none of worker, clock is started",
    ],
    [
      "a framework without a server",
      { "requirements.txt": "falcon\n", "app.py": "import falcon\napp = falcon.App()\n" },
      "app.py: Falcon needs a server, and none is among the dependencies: add gunicorn",
    ],
    [
      "nothing that starts it",
      { "requirements.txt": "six\n", "lib/a.py": "def a(): pass\n" },
      "no start command: there is none of",
    ],
  ])("%s", (_, files, told) => {
    const all = toldOf(files);
    expect(all.error).toBeUndefined();
    expect(all.warnings.join("\n")).toContain(told);
  });

  test("versions that are written out are as good as a lock", () => {
    const manifest = `${PROJECT}dependencies = ["six==1.17.0"]\n`;
    expect(toldOf(script({ "pyproject.toml": manifest })).warnings.join()).not.toContain("lock");
  });
});
