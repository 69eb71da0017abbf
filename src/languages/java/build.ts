/** Pure: the commands that fetch what an app depends on, build it, and leave what is started. */
import { dirname } from "node:path/posix";
import { shellQuote } from "../../lib/shell-words.ts";
import { AGENT_SCRIPTS, PYTHON } from "../../protocol/layout.ts";
import { type PlannedCommand, plannedRun, plannedShell } from "../../protocol/planned-action.ts";
import type { BuildPlace } from "../build-place.ts";
import { removalLine } from "../remove-sources.ts";
import { fetchCommand } from "./app/distribution.ts";
import type { JavaModule, JavaProject } from "./app/project.ts";
import { gradleBuild, gradleResults, gradleWarmUp } from "./gradle/commands.ts";
import { mavenBuild, mavenResults, mavenWarmUp } from "./maven/commands.ts";

const TOOLS = {
  maven: { build: mavenBuild, results: mavenResults, warmUp: mavenWarmUp },
  gradle: { build: gradleBuild, results: gradleResults, warmUp: gradleWarmUp },
} as const;

interface JavaBuild {
  module: JavaModule;
  place: BuildPlace;
  /** The folder that gets what is started. */
  out: string;
}

/** @param isApart whether the app is built upon this, and not here */
export function installCommands(
  project: JavaProject,
  { module, place, out, isApart }: JavaBuild & { isApart: boolean },
): PlannedCommand[] {
  const fetch = fetchCommand(project.distribution, place);
  if (!isApart) return [fetch];
  const stub = stubOf(module);
  return [
    fetch,
    plannedShell(
      `mkdir -p ${shellQuote(dirname(stub.path))}; echo ${shellQuote(stub.text)} >${shellQuote(stub.path)}`,
      place,
    ),
    TOOLS[project.tool].warmUp(project, module, place),
    plannedShell(
      [
        `${gatherWords(project, module, out).map(shellQuote).join(" ")} >/dev/null 2>&1 || true`,
        // Nothing that stands for the app is there when that is built, or has been in its place.
        `rm -rf ${[stub.path, ...builtFolders(project)].map(shellQuote).join(" ")}`,
        `if [ -d ${out} ]; then find ${out} -mindepth 1 -maxdepth 1 ! -name lib -exec rm -rf {} +; rmdir --ignore-fail-on-non-empty ${out}; fi`,
      ].join("; "),
      place,
    ),
  ];
}

export function buildCommands(
  project: JavaProject,
  { module, place, out }: JavaBuild,
): PlannedCommand[] {
  return [
    // What an app's folder brings of an earlier build would be started in place of this one's.
    plannedRun(["rm", "-rf", "--", ...builtFolders(project)], place),
    TOOLS[project.tool].build(project, module, place),
    plannedRun(gatherWords(project, module, out), place),
  ];
}

/** Leaves only the libraries, for the layer that the image has of them. */
export function pruneCommands({ place, out }: Omit<JavaBuild, "module">): PlannedCommand[] {
  return [plannedShell(`find . -mindepth 1 -maxdepth 1 ! -name ${out} -exec rm -rf {} +`, place)];
}

/**
 * Removes what only the build reads. What else an app has, it may read when it runs.
 * @param isAlone whether nothing else is built from the folder
 */
export function removalCommands(
  project: JavaProject,
  { place, isAlone }: { place: BuildPlace; isAlone: boolean },
): PlannedCommand[] {
  const own = [...inModules(project, ["src", ".kotlin"]), ...builtFolders(project)];
  const paths = [
    ...[".mvn", ".gradle", "gradle", "buildSrc", "build-logic"],
    ...(isAlone ? [".git", ".github"] : []),
    ...own.map(shellQuote),
  ];
  return [plannedShell(removalLine({ paths, names: SOURCES, folders: [".gradle"] }), place)];
}

// --- internal ---

const GATHER = `${AGENT_SCRIPTS}/gather_app.py`;

const SOURCES = [
  ...["*.java", "*.kt", "*.kts", "*.groovy", "*.gradle", "pom.xml", "*.iml", "lombok.config"],
  ...["mvnw", "mvnw.cmd", "gradlew", "gradlew.bat", "gradle.properties", "*.versions.toml"],
];

function gatherWords(project: JavaProject, module: JavaModule, out: string): string[] {
  const { name, mainClass } = module;
  const results = TOOLS[project.tool].results(module);
  return [PYTHON, GATHER, out, scriptName(name), mainClass ?? "-", ...results];
}

/** A name that is one word for a shell, and no option. */
export function scriptName(name: string): string {
  return /^\w[\w.-]*$/.test(name) ? name : "app";
}

/** What the build makes, and does not start from. */
function builtFolders(project: JavaProject): string[] {
  return inModules(project, [project.tool === "maven" ? "target" : "build"]);
}

function inModules({ modules }: JavaProject, names: readonly string[]): string[] {
  const folders = new Set(["", ...modules.map(({ folder }) => folder)]);
  return [...folders].flatMap((folder) =>
    names.map((name) => (folder === "" ? name : `${folder}/${name}`)),
  );
}

/** What makes plugins believe that there is an app. */
function stubOf(module: JavaModule): { path: string; text: string } {
  const { folder, mainClass, isKotlin } = module;
  const root = isKotlin ? "src/main/kotlin" : "src/main/java";
  const parts = (mainClass ?? "NuaStub").split(".");
  const base = parts.at(-1)!;
  const at = parts.slice(0, -1);
  const place = at.length === 0 ? "" : `package ${at.join(".")}; `;
  const text = isKotlin
    ? `@file:JvmName("${base}") ${place}fun main(args: Array<String>) { }`
    : `${place}public class ${base} { public static void main(String[] args) { } }`;
  const name = `${base}.${isKotlin ? "kt" : "java"}`;
  return { path: [...(folder === "" ? [] : [folder]), root, ...at, name].join("/"), text };
}
