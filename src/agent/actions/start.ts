/** Start scripts. */

import { type Command, run, warn } from "../../protocol/command.ts";
import { BUILD, METADATA, SCRIPTS, TEMPLATES } from "../../protocol/layout.ts";
import type { Action, Facts } from "../action.ts";
import {
  missingStartPython,
  type StartPlan,
  startPython,
  startShell,
  wrapStartScript,
} from "../start-scripts.ts";
import type { Tree } from "../tree.ts";

const START_PYTHON = `${SCRIPTS}/start.py`;
const START_SHELL = `${SCRIPTS}/start.sh`;
/** The package's own script: a generated start.py comes before it. */
const WRAPPED_SCRIPT = `${SCRIPTS}/app_start.py`;

/** Where a start script is looked for when none is named; the second is one merged from nua/. */
const START_SCRIPTS = [`${BUILD}/nua/start.py`, START_PYTHON, `${BUILD}/start.py`];

/**
 * `run.start` becomes start.py and start.sh. Else a start script of the package's is copied, and
 * run by a generated start.py, which renders the templates, runs the `before-run` commands and
 * forwards signals: a script that is PID 1 itself would not get them.
 */
export const startScripts: Action = {
  name: "start-scripts",
  describe: () => "Write the start script",
  commands(facts) {
    if (facts.input.start.length > 0) return generatedScripts(startPlan(facts));
    const script = findStartScript(facts);
    return script === null ? missingScript() : packageScript(facts, script);
  },
};

export const metadata: Action = {
  name: "metadata",
  describe: () => "Write the metadata",
  commands: ({ config, input, tree }) => [
    { kind: "write", path: `${METADATA}/nua-config.json`, text: config, mode: 0o644 },
    ...(hasTemplates(tree) ? [templateData(input.rendered)] : []),
  ],
};

// --- internal ---

function startPlan({ input, source }: Facts): StartPlan {
  return {
    start: input.start.map(({ line }) => line),
    beforeRun: input.beforeRun.map(({ line }) => line),
    cwd: source,
    rendered: input.rendered,
  };
}

function generatedScripts(plan: StartPlan): Command[] {
  return [
    { kind: "write", path: START_PYTHON, text: startPython(plan), mode: 0o644 },
    { kind: "write", path: START_SHELL, text: startShell(), mode: 0o755 },
    // Packages' own Dockerfiles run it as user nua.
    run(["chown", "nua:nua", START_SHELL]),
  ];
}

/** A script that is named has to be there: cp then says that it is not. */
function findStartScript({ input, tree }: Facts): string | null {
  if (input.startScript !== null) return `${BUILD}/${input.startScript}`;
  return START_SCRIPTS.find((path) => tree.exists(path)) ?? null;
}

function packageScript(facts: Facts, script: string): Command[] {
  const from = facts.input.startScript === null ? {} : { from: "run.start-script" };
  const text = wrapStartScript(WRAPPED_SCRIPT, startPlan(facts));
  return [
    run(["install", "-m", "644", script, WRAPPED_SCRIPT], from),
    { kind: "write", path: START_PYTHON, text, mode: 0o644 },
  ];
}

function missingScript(): Command[] {
  const searched = [
    "run.start",
    "run.start-script",
    "nua/start.py",
    "nua/scripts/start.py",
    "start.py",
  ];
  const text = missingStartPython(searched);
  return [
    warn(
      `no start command: there is none of ${searched.join(", ")}; the image says so when started`,
    ),
    { kind: "write", path: START_PYTHON, text, mode: 0o644 },
  ];
}

function templateData(rendered: Readonly<Record<string, unknown>>): Command {
  const sorted = Object.fromEntries(Object.entries(rendered).sort(([a], [b]) => (a < b ? -1 : 1)));
  const text = `${JSON.stringify(sorted, null, 4)}\n`;
  return { kind: "write", path: `${METADATA}/template.json`, text, mode: 0o644 };
}

/** Files whose names begin with a dot are templates too. */
function hasTemplates(tree: Tree, folder = TEMPLATES): boolean {
  return tree
    .list(folder)
    .some((name) => !name.endsWith("/") || hasTemplates(tree, `${folder}/${name.slice(0, -1)}`));
}
