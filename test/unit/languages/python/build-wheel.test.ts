import { expect, test } from "bun:test";
import { execFileSync } from "node:child_process";
import { join } from "node:path";

const SCRIPT = join(import.meta.dirname, "../../../../src/languages/python/agent/build_wheel.py");

/** What the script does not need for this is in pip, which not every machine has. */
const PROGRAM = `
import json, sys, types
for name in ("pip", "pip._vendor", "pip._vendor.packaging", "pip._vendor.packaging.requirements"):
    sys.modules[name] = types.ModuleType(name)
sys.modules["pip._vendor.packaging.requirements"].InvalidRequirement = Exception
sys.modules["pip._vendor.packaging.requirements"].Requirement = str
sys.modules["pip._vendor"].tomli = None
scope = {"__name__": "build_wheel"}
exec(open(sys.argv[1]).read(), scope)
print(json.dumps(scope["implied"](*json.loads(sys.argv[2]))))
`;

test.each<[string, unknown, string[], string[]]>([
  ["no table", null, ["setuptools"], []],
  ["a table", { name: "a" }, ["setuptools", "wheel"], ["setuptools>=61"]],
  ["a license of before", { license: { text: "MIT" } }, ["setuptools>=60"], ["setuptools>=61"]],
  ["an expression", { license: "MIT" }, ["setuptools"], ["setuptools>=77.0.3"]],
  ["files", { "license-files": ["LICENSE"] }, ["Setuptools"], ["setuptools>=77.0.3"]],
  ["Poetry", { name: "a", license: "MIT" }, ["poetry_core>=1"], ["poetry-core>=2.0"]],
  ["another backend", { license: "MIT" }, ["hatchling"], []],
])("what a manifest cannot be read without: %s", (_, project, requires, expected) => {
  const words = ["-c", PROGRAM, SCRIPT, JSON.stringify([project, requires])];
  const found = execFileSync("python3", words, { encoding: "utf8" });
  expect(JSON.parse(found)).toEqual(expected);
});
