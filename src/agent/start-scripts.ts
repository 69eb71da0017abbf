/** The texts of /nua/scripts/start.py and start.sh. Pure. */
import { pythonLiteral } from "./python-literal.ts";

export interface StartPlan {
  /** Shell lines, run one after the other; the last is the app. */
  start: readonly string[];
  beforeRun: readonly string[];
  cwd: string;
  /** What templates see. */
  rendered: Readonly<Record<string, unknown>>;
}

/** sysexits(3) EX_CONFIG: the image is not set up to be run. */
export const NO_START_STATUS = 78;

/** Renders the templates, then runs the start commands as user nua; the last is the app. */
export function startPython({ start, beforeRun, cwd, rendered }: StartPlan): string {
  return `"""Start the app. Written by nua-build from run.start."""

${HOLD_SIGNALS}
from nua.lib.start import run_app

run_app(
    start=${pythonLiteral(start, "    ")},
    before_run=${pythonLiteral(beforeRun, "    ")},
    cwd=${pythonLiteral(cwd)},
    rendered=${pythonLiteral(rendered, "    ")},
)
`;
}

/**
 * The same for Dockerfiles that start a shell script: it becomes start.py, which forwards signals
 * whatever user it is run as.
 */
export function startShell(): string {
  return `#!/bin/bash
# Starts the app. Written by nua-build from run.start.
if [ -f /nua/venv/bin/activate ]; then . /nua/venv/bin/activate; fi
exec python /nua/scripts/start.py
`;
}

/** Renders the templates and runs before-run, then becomes the package's own start script. */
export function wrapStartScript(script: string, plan: Omit<StartPlan, "start">): string {
  return `"""Prepare the app and start it. Written by nua-build around the package's start script."""

${HOLD_SIGNALS}
from nua.lib.start import run_script

run_script(
    script=${pythonLiteral(script)},
    before_run=${pythonLiteral(plan.beforeRun, "    ")},
    cwd=${pythonLiteral(plan.cwd)},
    rendered=${pythonLiteral(plan.rendered, "    ")},
)
`;
}

/** What comes while the rest is imported would be lost. */
const HOLD_SIGNALS = "import nua.lib.hold_signals  # first: what comes in from now on is not lost";

/** For an image that nothing tells how to start. */
export function missingStartPython(searched: readonly string[]): string {
  const message = `This image has no start command: its build found none of ${searched.join(", ")}`;
  return `"""Written by nua-build, which found no start command."""

import sys

print(${pythonLiteral(message)}, file=sys.stderr)
sys.exit(${NO_START_STATUS})
`;
}
