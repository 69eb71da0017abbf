/** A script as the commands that it holds, so that signals reach the app and not a manager. Pure. */
import { type AppPackage, appPackage, fromRoot } from "./app/app-package.ts";
import { manifestFile } from "./app/manifest.ts";
import { calledProgram, calledScript } from "./called-script.ts";
import { type PlainCommand, plainCommands, wordText } from "./script-line.ts";

/** A command, or a line that needs a shell. */
export interface ScriptStep {
  /** The package whose programs it finds. */
  app: AppPackage;
  /** Where it is run, relative to the source. */
  dir: string;
  command: PlainCommand | null;
  /** As it is written. */
  line: string;
  /** Whether it is of the script "build", which is run when the image is made. */
  isBuild?: true;
}

/**
 * What a script of a package comes to: the scripts that it calls stand for themselves.
 * @returns nothing where there is no such script
 */
export function stepsOfScript(app: AppPackage, name: string): ScriptStep[] {
  const line = app.manifest.scripts[name];
  if (line === undefined || line.trim() === "") return [];
  return ofCall({ app, name, args: [] }, new Set());
}

/** What a line comes to that is started in a package. */
export function stepsOfLine(app: AppPackage, line: string): ScriptStep[] {
  return ofLine(app, line, new Set());
}

// --- internal ---

const MOST_STEPS = 100;

/** Scripts that call each other in a circle are left to their manager. */
type Seen = ReadonlySet<string>;

interface Call {
  app: AppPackage;
  name: string;
  args: readonly string[];
}

function ofCall({ app, name, args }: Call, seen: Seen): ScriptStep[] {
  const id = `${app.dir}\0${name}`;
  const line = [app.manifest.scripts[name]!.trim(), ...args].join(" ");
  if (seen.has(id)) return [{ app, dir: app.dir, command: null, line }];
  const inner = new Set([...seen, id]);
  const before = app.manifest.scripts[`pre${name}`];
  return [...(before === undefined ? [] : ofLine(app, before, inner)), ...ofLine(app, line, inner)];
}

function ofLine(app: AppPackage, line: string, seen: Seen): ScriptStep[] {
  const commands = plainCommands(line);
  const asItIs = [{ app, dir: app.dir, command: null, line: line.trim() }];
  if (commands === null) return asItIs;
  const steps: ScriptStep[] = [];
  let place = { app, dir: app.dir };
  for (const command of commands) {
    if (command.words[0] === "cd") {
      const next = moved(place, command);
      if (next === undefined) return asItIs;
      place = next;
    } else {
      steps.push(...ofCommand(place, command, seen));
    }
    if (steps.length > MOST_STEPS) return asItIs;
  }
  return steps.length === 0 ? asItIs : steps;
}

function ofCommand(
  place: Pick<ScriptStep, "app" | "dir">,
  command: PlainCommand,
  seen: Seen,
): ScriptStep[] {
  const called = calledScript(place.app, command);
  if (called !== null) {
    const steps = withAssignments(ofCall(called, seen), command.assignments);
    const isBuild = called.name === "build" && called.app.dir === place.app.dir;
    return isBuild ? steps.map((step) => ({ ...step, isBuild: true as const })) : steps;
  }
  const plain = calledProgram(place.app, command) ?? command;
  const simple = withoutSetters(plain);
  return [{ ...place, command: simple, line: [...simple.assignments, ...simple.words].join(" ") }];
}

/** `A=b npm start`: for all that the script starts. */
function withAssignments(steps: ScriptStep[], assignments: readonly string[]): ScriptStep[] {
  if (assignments.length === 0) return steps;
  return steps.map((step) => ({
    ...step,
    line: `${assignments.join(" ")} ${step.command === null ? `bash -c ${quoted(step.line)}` : step.line}`,
    command: step.command && {
      ...step.command,
      assignments: [...assignments, ...step.command.assignments],
    },
  }));
}

function quoted(line: string): string {
  return `'${line.replaceAll("'", `'\\''`)}'`;
}

/** `cross-env A=b node x`, for systems whose shells have no such thing: what every shell here does. */
function withoutSetters(command: PlainCommand): PlainCommand {
  const [program, ...args] = command.words;
  if (program !== "cross-env" && program !== "env") return command;
  const first = args.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word));
  if (first === -1 || args[first]!.startsWith("-")) return command;
  return withoutSetters({
    assignments: [...command.assignments, ...args.slice(0, first)],
    words: args.slice(first),
  });
}

function moved(place: Pick<ScriptStep, "app" | "dir">, { words }: PlainCommand) {
  const folder = words.length === 2 ? wordText(words[1]!) : undefined;
  const path = folder === undefined ? undefined : fromRoot(place, folder);
  if (path === undefined) return undefined;
  const dir = path === "." ? "" : path;
  const { root } = place.app;
  const isPackage = manifestFile(root, dir) !== null;
  return { dir, app: isPackage ? appPackage(root, dir === "" ? null : dir) : place.app };
}
