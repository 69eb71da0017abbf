/** Pure: a plan as a person reads it. */
import { printable } from "../lib/printable.ts";
import { formatWords } from "../lib/shell-words.ts";
import type { PlannedAction, PlannedCommand, PlannedRun } from "../protocol/planned-action.ts";
import type { BuildPlan } from "./build-plan.ts";
import type { LayerPlan } from "./layers.ts";

/** Each decision with the place that decided it, then every command of every layer. */
export function formatPlan(plan: BuildPlan): string {
  const decisions = plan.decisions.map(({ what, because, file, line }) => {
    const place = file === undefined ? "" : `  (${file}:${line})`;
    return `  ${what}: ${because}${place}`;
  });
  return [
    `${plan.tag} -> ${plan.archive}`,
    "decided:",
    ...decisions,
    `base images: ${plan.images.needed.join(", ") || plan.images.base}`,
    ...plan.layers.flatMap((layer) => formatLayer(layer, plan)),
  ].join("\n");
}

// --- internal ---

function formatLayer({ name, files, actions }: LayerPlan, { dependencies }: BuildPlan): string[] {
  const beside = name === "dependencies" && dependencies === "beside" ? ", beside the image" : "";
  const from = files === null || files.length === 0 ? "" : `, from ${files.join(", ")}`;
  return [`layer ${name}${beside}${printable(from)}:`, ...actions.flatMap(formatAction)];
}

function formatAction({ title, commands }: PlannedAction): string[] {
  return [`  ${printable(title)}`, ...commands.flatMap(formatCommand)];
}

/** What the title says already has no line of its own. */
function formatCommand(command: PlannedCommand): string[] {
  switch (command.kind) {
    case "run":
      return [`    ${printable(formatRun(command))}`];
    case "warn":
      return [`    warning: ${printable(command.text)}`];
    case "install-packages":
      return [`    apt-get install ${command.packages.join(" ")}${whenThere(command)}`];
    case "start-script":
      return command.start.map((line) => `    ${printable(line)}`);
    default:
      return [];
  }
}

function formatRun(run: PlannedRun): string {
  const { argv, user, cwd, from } = run;
  const line = from?.line === undefined ? "" : `:${from.line}`;
  const origin = from === undefined ? "" : `, ${from.what}${line}`;
  return `$ ${formatWords(argv)}  (${user} in ${cwd}${origin}${whenThere(run)})`;
}

function whenThere({ needs }: Pick<PlannedRun, "needs">): string {
  return needs === undefined ? "" : `, if there is ${needs.program}`;
}
