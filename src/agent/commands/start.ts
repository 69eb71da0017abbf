/** Commands that write the start scripts and the metadata. */

import { type Command, run, warn } from "../../protocol/command.ts";
import { BUILD, METADATA, SCRIPTS, TEMPLATES } from "../../protocol/layout.ts";
import type { PlannedCommand } from "../../protocol/planned-action.ts";
import type { Facts } from "../facts.ts";
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

type Planned = Extract<PlannedCommand, { kind: "start-script" }>;

/**
 * `run.start` becomes start.py and start.sh. Else a start script of the package's is copied, and
 * run by a generated start.py, which renders the templates, runs the `before-run` commands and
 * forwards signals: a script that is PID 1 itself would not get them. Else it is what was detected.
 */
export function startScript(planned: Planned, { tree }: Facts): Command[] {
  if (planned.start.length > 0) return generatedScripts(planned);
  const script = findStartScript(planned, tree);
  if (script !== null) return packageScript(planned, script);
  const { detected } = planned;
  if (detected === null) return missingScript(planned);
  return generatedScripts({ ...planned, start: [detected.line], cwd: detected.cwd });
}

/** The normalized nua-config; and what templates see, where there are any. */
export function writeMetadata(
  { rendered }: { rendered: Readonly<Record<string, unknown>> },
  { config, tree }: Facts,
): Command[] {
  return [
    { kind: "write", path: `${METADATA}/nua-config.json`, text: config, mode: 0o644 },
    ...(hasTemplates(tree) ? [templateData(rendered)] : []),
  ];
}

// --- internal ---

function generatedScripts(plan: StartPlan): Command[] {
  return [
    { kind: "write", path: START_PYTHON, text: startPython(plan), mode: 0o644 },
    { kind: "write", path: START_SHELL, text: startShell(), mode: 0o755 },
    // Packages' own Dockerfiles run it as user nua.
    run(["chown", "nua:nua", START_SHELL]),
  ];
}

/** A script that is named has to be there: cp then says that it is not. */
function findStartScript({ script, scripts }: Planned, tree: Tree): string | null {
  if (script !== null) return `${BUILD}/${script}`;
  return scripts.find((path) => tree.exists(path)) ?? null;
}

function packageScript(planned: Planned, script: string): Command[] {
  const from = planned.script === null ? {} : { from: "run.start-script" };
  const text = wrapStartScript(WRAPPED_SCRIPT, planned);
  return [
    run(["install", "-m", "644", script, WRAPPED_SCRIPT], from),
    { kind: "write", path: START_PYTHON, text, mode: 0o644 },
  ];
}

function missingScript({ lookedFor, isTold }: Planned): Command[] {
  const text = missingStartPython(lookedFor);
  const message = `no start command: there is none of ${lookedFor.join(", ")}; the image says so when started`;
  return [
    ...(isTold ? [] : [warn(message)]),
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
