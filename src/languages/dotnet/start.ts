/** Pure: what an app of .NET's is started with. */
import { shellQuote } from "../../lib/shell-words.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import type { LanguagePlan, StartCommand } from "../language.ts";
import { type DotnetApp, readApp } from "./app.ts";
import { OUT } from "./build.ts";
import { starts } from "./choose-project.ts";
import { frameworkOf, isOld } from "./frameworks.ts";
import { isSelfContained, servesByAspnet } from "./pins.ts";
import { listeningOf, portBesidePort } from "./port.ts";
import type { Project } from "./project.ts";

type Started = Required<Pick<LanguagePlan, "start" | "site" | "env">> & { warnings: string[] };

/** In the folder of what is published: settings and pages are read from where it is started. */
export function startOf(tree: SourceTree, app: DotnetApp, project: Project): Started {
  const from = { what: project.file };
  if (project.kind === "pages") {
    const site = { folder: `${OUT}/wwwroot`, fallback: "index", from } as const;
    return { start: null, site, env: {}, warnings: [] };
  }
  const framework = frameworkOf(project);
  const env = { ...ENVIRONMENT, ...(framework !== null && isOld(framework) ? INVARIANT : {}) };
  const program = programOf(project);
  const others = { site: null, env };
  const besidePort = portBesidePort(tree, project);
  const { port, isFixed, onlyLocal } = listeningOf(tree, project);
  const warnings =
    onlyLocal === null || (besidePort !== null && !isFixed)
      ? []
      : [
          `${onlyLocal} has ${project.title} listen to its own container alone: write 0.0.0.0 in place of localhost`,
        ];
  if (!servesByAspnet(app, project)) {
    const own = besidePort === null ? {} : { port: besidePort };
    return { ...others, start: { line: program, from, dir: OUT, ...own }, warnings: [] };
  }
  const asked = besidePort ?? port ?? DEFAULT_PORT;
  // An address of its own counts in any case, and is told of otherwise.
  const isSet = isFixed || besidePort !== null;
  const line = isSet ? program : `ASPNETCORE_URLS=${urlsOf(asked)} ${program}`;
  return { ...others, start: { line, from, dir: OUT, port: asked }, warnings };
}

/** `dotnet run`, and what is published or built, start what the image has, in its folder. */
export function plainCommand(tree: SourceTree, line: string): StartCommand | null {
  const app = readApp(tree);
  const [, given = "", text = ""] = /^((?:[A-Za-z_]\w*=\S* +)*)(.*)$/.exec(line.trim()) ?? [];
  if (app === null || line.length > 4096 || /[;&|<>`$(){}"'\\\n]/.test(line)) return null;
  const found = programIn(app, text.split(/\s+/));
  if (found === null) return null;
  const { start } = startOf(tree, app, found.project);
  // What it is told of its address counts.
  const isTold = /\bASPNETCORE_|--urls/.test(line);
  const own = isTold ? programOf(found.project) : start!.line;
  const isPlain = given === "" && !own.startsWith("ASPNETCORE_URLS=");
  const words = [...(isPlain ? [] : ["env"]), ...given.trim().split(/ +/), own, ...found.args];
  const whole = `cd ${OUT} && exec ${words.filter((word) => word !== "").join(" ")}`;
  const port = isTold || start!.port === undefined ? {} : { port: start!.port };
  return { line: whole, from: start!.from, ...port };
}

// --- internal ---

/** As images of .NET have it since 8.0. */
const DEFAULT_PORT = 8080;

/** Source: learn.microsoft.com, ".NET environment variables". */
const ENVIRONMENT = {
  DOTNET_CLI_TELEMETRY_OPTOUT: "1",
  DOTNET_NOLOGO: "1",
  DOTNET_RUNNING_IN_CONTAINER: "true",
};

/** It finds no ICU as new as those of Linux bases. */
const INVARIANT = { DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: "1" };

/** Unless whoever starts it says another one. */
function urlsOf(port: number): string {
  return `\${ASPNETCORE_URLS:-http://+:\${PORT:-${port}}}`;
}

function programOf(project: Project): string {
  const { assembly } = project;
  return isSelfContained(project)
    ? shellQuote(`./${assembly}`)
    : `dotnet ${shellQuote(`${assembly}.dll`)}`;
}

/** The project whose result a line starts, and the words after it. */
function programIn(
  { projects }: DotnetApp,
  words: readonly string[],
): { project: Project; args: string[] } | null {
  const [program = "", second = ""] = words;
  const ours = projects.filter(({ kind }) => kind === "web" || kind === "program");
  const found = (project: Project, args: readonly string[]) => {
    return { project, args: args.map(shellQuote) };
  };
  if (program === "dotnet" && second === "run") {
    const isNamed = words.some((one) => one === "--project" || one === "-p");
    const all = isNamed ? ours.filter((one) => starts(words.join(" "), one)) : ours;
    const at = words.indexOf("--");
    return all.length === 1 ? found(all[0]!, at < 0 ? [] : words.slice(at + 1)) : null;
  }
  const isDll = program === "dotnet" && second.endsWith(".dll");
  const name = (isDll ? second : program).split("/").at(-1);
  const one = ours.find(({ assembly }) => name === (isDll ? `${assembly}.dll` : assembly));
  if (one === undefined || (!isDll && !program.includes("/"))) return null;
  return found(one, words.slice(isDll ? 2 : 1));
}
