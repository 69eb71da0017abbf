import { describe } from "bun:test";
import { type ActionRow, testActions } from "./action-rows.ts";

const STRAYS = "'(' '!' -user nua -o '!' -group nua ')'";
const GIVE = "-type f -exec /nua/venv/bin/python -m nua.lib.owners nua '{}' +";
const ADOPT = "-exec chown --no-dereference nua:nua '{}' +";

const rows: ActionRow[] = [
  {
    action: "merge-folders",
    name: "each sub-folder of nua but nua",
    files: {
      "nua/start.py": "",
      "nua/nua/a": "",
      "nua/templates/etc/a.j2": "",
      "nua/templates/b": "",
    },
    expected: [
      "install -d -m 755 /nua/templates",
      "find /nua/build/nua/templates -mindepth 1 -maxdepth 1 -exec cp --recursive --no-dereference --preserve=mode,timestamps,links --target-directory=/nua/templates -- '{}' +",
    ],
  },
  {
    action: "start-scripts",
    name: "run.start",
    options: { work: { start: [{ line: "python app.py", from: "run.start" }] } },
    expected: [
      "write /nua/scripts/start.py 644",
      "write /nua/scripts/start.sh 755",
      "chown nua:nua /nua/scripts/start.sh",
    ],
  },
  {
    action: "start-scripts",
    name: "a start script is run by one that forwards signals",
    files: { "nua/start.py": "", "start.py": "" },
    expected: [
      "install -m 644 /nua/build/nua/start.py /nua/scripts/app_start.py",
      "write /nua/scripts/start.py 644",
    ],
  },
  {
    action: "start-scripts",
    name: "a start script merged from nua/scripts comes before one at the top",
    files: { "start.py": "" },
    options: { system: { "/nua/scripts/start.py": "" } },
    expected: [
      "install -m 644 /nua/scripts/start.py /nua/scripts/app_start.py",
      "write /nua/scripts/start.py 644",
    ],
  },
  {
    action: "start-scripts",
    name: "nothing to start",
    expected: [
      "warn no start command: there is none of run.start, run.start-script, nua/start.py, nua/scripts/start.py, start.py, Procfile; the image says so when started",
      "write /nua/scripts/start.py 644",
    ],
  },
  {
    action: "metadata",
    name: "data for templates, where there are any",
    options: { system: { "/nua/templates/.env.j2": "" } },
    expected: ["write /nua/metadata/nua-config.json 644", "write /nua/metadata/template.json 644"],
  },
  {
    action: "metadata",
    name: "no templates",
    options: {},
    expected: ["write /nua/metadata/nua-config.json 644"],
  },
  {
    action: "fix-owners",
    name: "only what is not user nua's is touched",
    expected: [`find /nua/build /nua/app /nua/venv ${STRAYS} '(' ${GIVE} -o ${ADOPT} ')'`],
  },
  {
    action: "test",
    name: "the app's tests",
    options: { work: { test: [{ line: "python -c 'import app'", from: "build.test" }] } },
    expected: ["python -c 'import app'"],
  },
  { action: "test", name: "no test", expected: ["test -f /nua/metadata/nua-config.json"] },
];

describe("actions once the app is built", () => {
  testActions(rows);
});
