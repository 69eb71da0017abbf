/** Pure: formats a plan as text. */
import { printable, printableLine } from "../lib/printable.ts";
import { formatWords, shellQuote } from "../lib/shell-words.ts";
import { BUILD } from "../protocol/layout.ts";
import {
  formatOrigin,
  type Origin,
  type PlannedAction,
  type PlannedCommand,
  type PlannedRun,
} from "../protocol/planned-action.ts";
import type { BuildPlan } from "./build-plan.ts";
import type { LayerPlan } from "./layers.ts";
import type { DescribedPart } from "./parts.ts";

/**
 * What the app is and how it is started, each decision with the place that decided it, then layer by layer what is done, and each command
 * with its user, its folder, and the file and line that it comes from.
 */
export function formatPlan(plan: BuildPlan): string {
  const decisions = plan.decisions.map(({ what, because, file, line }) => {
    const place = file === undefined ? "" : `  (${file}:${line})`;
    return `${what}: ${because}${place}`;
  });
  return [
    `${plan.tag} -> ${plan.archive}`,
    ...section("app", [...plan.parts.flatMap((part) => tellPart(part)), ...replacedLines(plan)]),
    ...section("started with", tellStart(plan)),
    ...section("warnings", plan.warnings),
    ...section("decided", decisions),
    `base images: ${printableLine(plan.images.needed.join(", ") || plan.images.base)}`,
    ...plan.layers.flatMap((layer) => formatLayer(layer, plan)),
  ].join("\n");
}

/** A command as a person would type it; words that stand for files are not quoted. */
export function formatPlannedWords({ argv, glob }: Pick<PlannedRun, "argv" | "glob">): string {
  if (glob === undefined) return formatWords(argv);
  return argv.map((word) => (word.includes("*") ? word : shellQuote(word))).join(" ");
}

// --- internal ---

/** Nothing where there is nothing to tell. */
function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0
    ? []
    : [`${title}:`, ...lines.map((line) => `  ${printableLine(line)}`)];
}

function tellPart(part: DescribedPart): string[] {
  const { language, file, member, replacedBy, decisions } = part;
  const notes = [
    ...(member === null ? [] : [`its member ${member}`]),
    ...(replacedBy === null ? [] : [`built by ${replacedBy}`]),
  ];
  const after = notes.length === 0 ? "" : `, ${notes.join(", ")}`;
  return [
    `${language}, from ${file}${after}`,
    ...decisions.map(({ what, from }) => `  ${what}  (${placeOf(from)})`),
  ];
}

function replacedLines({ replaced }: BuildPlan): string[] {
  return replaced === null ? [] : [replaced];
}

function tellStart({ start, declared }: BuildPlan): string[] {
  if (start === null) return [];
  const { what, dir, from } = start;
  const places = [...(dir === "." ? [] : [`in ${dir}`]), placeOf(from)];
  const env = Object.entries(declared.env).map(([name, value]) => `${name}=${value}`);
  return [
    `${what}  (${places.join(", ")})`,
    ...(declared.port === null || "PORT" in declared.env ? [] : [`port ${declared.port}`]),
    ...(env.length === 0 ? [] : [env.join(" ")]),
  ];
}

/** A line of a command, and the lines that tell of it. */
interface Told {
  /** As it is typed; it may have several lines. */
  text: string;
  /** In brackets after it. */
  notes?: (string | undefined)[];
}

function formatLayer({ name, files, actions }: LayerPlan, { dockerfile }: BuildPlan): string[] {
  const parts = [
    `layer ${name}`,
    ...(name === "development" ? ["in no image"] : []),
    ...(files !== null && files.length > 0 ? [`from ${files.join(", ")}`] : []),
    ...(dockerfile.kind === "package" ? [`where ${dockerfile.file} has app_builder run`] : []),
  ];
  const lines = actions.flatMap(formatAction);
  return [`${printableLine(parts.join(", "))}:`, ...lines];
}

function formatAction({ title, commands }: PlannedAction): string[] {
  const told = commands.flatMap(tellCommand);
  return [`  ${printableLine(title)}`, ...told.map(formatTold)];
}

function formatTold({ text, notes = [] }: Told): string {
  const given = notes.filter((note) => note !== undefined);
  const after = given.length === 0 ? "" : `  (${printableLine(given.join(", "))})`;
  const [first, ...others] = printable(text).trimEnd().split("\n");
  return [`    ${first}`, ...others.map((line) => `      ${line}`)].join("\n") + after;
}

/** What the title says already has no line of its own. */
function tellCommand(command: PlannedCommand): Told[] {
  switch (command.kind) {
    case "run": {
      const { user, cwd, from } = command;
      const notes = [`${user} in ${cwd}`, placeOf(from), condition(command)];
      return [{ text: `${user === "root" ? "#" : "$"} ${formatPlannedWords(command)}`, notes }];
    }
    case "warn":
      return [{ text: `warning: ${command.text}`, notes: [condition(command)] }];
    case "install-packages": {
      const end = command.purpose === "build" ? "removed after the build" : undefined;
      const text = `# apt-get install ${command.packages.join(" ")}`;
      const places = (command.from ?? []).map((one) => placeOf(one));
      const notes = ["those that are not there", end, ...places, condition(command)];
      return [{ text, notes }];
    }
    case "make-folders":
      return command.documentRoot === null ? [] : [{ text: `${command.documentRoot}, empty` }];
    case "unpack-source":
      return [{ text: `to ${BUILD}/${command.dir}` }];
    case "write-file":
      return [{ text: `writes ${command.path}`, notes: [placeOf(command.from)] }];
    case "start-script":
      return [...command.beforeRun, ...startOf(command)].map((line) => ({ text: `$ ${line}` }));
    default:
      return [];
  }
}

function startOf({ start, script }: Extract<PlannedCommand, { kind: "start-script" }>): string[] {
  if (start.length > 0 || script === null) return start;
  return [formatWords(["python", `${BUILD}/${script}`])];
}

function placeOf(from: Origin | undefined): string | undefined {
  return from && formatOrigin(from);
}

function condition({ needs }: { needs?: { program: string } | undefined }): string | undefined {
  return needs === undefined ? undefined : `if there is ${needs.program}`;
}
