/** Pure: what an app of .NET's is started with. */
import { shellQuote } from "../../lib/shell-words.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import type { LanguagePlan } from "../language.ts";
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
  const line = isSet ? program : `ASPNETCORE_URLS=http://+:\${PORT:-${asked}} ${program}`;
  return { ...others, start: { line, from, dir: OUT, port: asked }, warnings };
}

/** `dotnet run`, and what is published or built, start what the image has. */
export function plainCommand(
  tree: SourceTree,
  line: string,
): { line: string; project: Project } | null {
  const text = line.trim();
  const app = readApp(tree);
  if (app === null || text.length > 4096 || /[;&|<>`$(){}"'\\\n]/.test(text)) return null;
  const words = text.split(/\s+/);
  const [program = "", second = ""] = words;
  const ours = app.projects.filter(({ kind }) => kind === "web" || kind === "program");
  if (program === "dotnet" && second === "run") {
    const named = ours.filter((one) => starts(text, one));
    const all = words.some((one) => one === "--project" || one === "-p") ? named : ours;
    const at = words.indexOf("--");
    const args = at < 0 ? [] : words.slice(at + 1);
    return all.length === 1 ? lineOf(all[0]!, args) : null;
  }
  const isDll = program === "dotnet" && second.endsWith(".dll");
  const name = (isDll ? second : program).split("/").at(-1);
  const found = ours.find(({ assembly }) => name === (isDll ? `${assembly}.dll` : assembly));
  if (found === undefined || (!isDll && !program.includes("/"))) return null;
  return lineOf(found, words.slice(isDll ? 2 : 1));
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

function programOf(project: Project): string {
  const { assembly } = project;
  return isSelfContained(project)
    ? shellQuote(`./${assembly}`)
    : `dotnet ${shellQuote(`${assembly}.dll`)}`;
}

function lineOf(project: Project, args: readonly string[]): { line: string; project: Project } {
  return { line: [programOf(project), ...args.map(shellQuote)].join(" "), project };
}
