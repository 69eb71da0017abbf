import { expect, test } from "bun:test";
import { pythonLiteral } from "../../../src/agent/python-literal.ts";
import {
  missingStartPython,
  startPython,
  startShell,
  wrapStartScript,
} from "../../../src/agent/start-scripts.ts";

const STRINGS = [
  'it\'s "quoted"',
  "back\\slash \\n",
  "line\nbreak\ttab",
  "é 😀 \u2028",
  "{x} $HOME",
];

/** Runs a script in this test's own python or shell. */
function interpret(argv: string[]): { status: number; stdout: string; stderr: string } {
  const { exitCode, stdout, stderr } = Bun.spawnSync(argv);
  return { status: exitCode, stdout: stdout.toString(), stderr: stderr.toString() };
}

test("pythonLiteral: Python reads the same value as JSON", () => {
  const value = {
    strings: STRINGS,
    none: null,
    yes: true,
    numbers: [0, -1.5, 1e21],
    empty: {},
    no: [],
  };
  const code = `import json, sys; sys.stdout.reconfigure(encoding="utf-8")\nprint(json.dumps(${pythonLiteral(value)}))`;
  expect(JSON.parse(interpret(["python3", "-c", code]).stdout)).toEqual(value);
});

test("startPython hands the plan to run_app", () => {
  const rendered = { title: "It's {braces}", version: null };
  const text = startPython({ start: STRINGS, beforeRun: ["x"], cwd: "/nua/build", rendered });
  const fake = `
import json, sys, types
for name in ("nua", "nua.lib", "nua.lib.hold_signals", "nua.lib.start"):
    sys.modules[name] = types.ModuleType(name)
sys.modules["nua.lib.start"].run_app = lambda **plan: print(json.dumps(plan))
`;
  expect(JSON.parse(interpret(["python3", "-c", fake + text]).stdout)).toEqual({
    start: STRINGS,
    before_run: ["x"],
    cwd: "/nua/build",
    rendered,
  });
});

test("startShell becomes start.py", () => {
  // Images have a command "python", machines need not.
  const shell = startShell()
    .replace("exec python ", "exec python3 ")
    .replace("/nua/scripts/start.py", "-c 'print(1); exit(4)'");
  expect(interpret(["bash", "-c", shell])).toEqual({ status: 4, stdout: "1\n", stderr: "" });
});

test("wrapStartScript hands the script and the plan to run_script", () => {
  const plan = { beforeRun: ["one", "two"], cwd: "/w", rendered: { a: null } };
  const fake = `
import sys, types
for name in ("nua", "nua.lib", "nua.lib.hold_signals", "nua.lib.start"):
    sys.modules[name] = types.ModuleType(name)
sys.modules["nua.lib.start"].run_script = lambda **words: print(sorted(words.items()))
`;
  const result = interpret(["python3", "-c", fake + wrapStartScript("/x.py", plan)]);
  expect(result).toEqual({
    status: 0,
    stdout:
      "[('before_run', ['one', 'two']), ('cwd', '/w'), ('rendered', {'a': None}), ('script', '/x.py')]\n",
    stderr: "",
  });
});

test("an image without a start command says so and ends with status 78", () => {
  const result = interpret(["python3", "-c", missingStartPython(["run.start", "start.py"])]);
  expect(result).toEqual({
    status: 78,
    stdout: "",
    stderr: "This image has no start command: its build found none of run.start, start.py\n",
  });
});
