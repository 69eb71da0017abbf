/** Java, Kotlin and Groovy: apps that Maven or Gradle build. */
import { NuaError } from "../../lib/errors.ts";
import type { BuildPlace } from "../build-place.ts";
import type { Language, LanguageDecision } from "../language.ts";
import fetchBuildTool from "./agent/fetch_build_tool.py" with { type: "text" };
import gatherApp from "./agent/gather_app.py" with { type: "text" };
import { outputFolder } from "./app/output-folder.ts";
import { isBelow, type JavaModule, type JavaProject } from "./app/project.ts";
import { buildCommands, installCommands, pruneCommands, removalCommands } from "./build.ts";
import { chooseModule, findModule } from "./choose-module.ts";
import { javaRule } from "./dependencies.ts";
import { nativePackages } from "./native-packages.ts";
import { requestedJava } from "./pins.ts";
import { MANIFESTS, readProject } from "./read-project.ts";
import { javaRuntime, jdkRuntime } from "./runtime.ts";
import { startOf } from "./start.ts";

/** The image has a Java runtime, what is started, its libraries, and what of the app is no source. */
export const java: Language = {
  name: "java",
  installsPython: false,
  scripts: { "fetch_build_tool.py": fetchBuildTool, "gather_app.py": gatherApp },
  dependencies: javaRule,
  runtime: javaRuntime,
  otherRuntimes: [jdkRuntime],
  manifests: MANIFESTS,
  detect: (tree) => MANIFESTS.find((name) => tree.text(name) !== undefined) ?? null,
  describe: (tree) => readProject(tree)?.description ?? null,
  // Beside another language it may be there for tools alone.
  isOfApp(tree, { languages }) {
    // A module of its own folder may not be readable without those above it.
    if (languages.every((name) => SERVES_OTHERS.has(name))) return true;
    const project = readProject(tree);
    if (project === null) return true;
    return chooseModule(tree, project, { member: null, id: "" }).module !== null;
  },
  runtimes: (tree) => requestedJava(tree, readProject(tree)!),
  findMember(tree, name) {
    const project = readProject(tree);
    return project && findModule(project, name);
  },
  // What is in a module its own build takes in.
  builds(tree, folder) {
    const modules = readProject(tree)?.modules ?? [];
    return modules.some((one) => one.folder !== "" && isBelow(folder, one.folder));
  },
  plan(tree, { source, member, id = "", place: dependencies, languages }) {
    const project = readProject(tree)!;
    const { module, candidates } = chooseModule(tree, project, { member, id });
    if (module === null) throw nothingToStart(project, member);
    rejectPlainWar(module);
    const made = { module, place: placeOf(source, project), out: outputFolder(tree) };
    const isAlone = languages.every((name) => NOT_BESIDE.has(name));
    const isScript = module.isScript === true;
    const isApart = dependencies !== "here";
    return {
      packages: [],
      runPackages: nativePackages(tree, project, module),
      install: installCommands(project, { ...made, isApart }),
      build: buildCommands(project, made),
      ...(isApart ? { prune: pruneCommands(made) } : {}),
      tidy: removalCommands(project, { place: made.place, isAlone }),
      ...startOf(tree, module, isScript),
      warnings: [...project.warnings, ...severalModules(candidates, module)],
      decisions: [...decisionsOf(project, module), ...project.decisions],
      lookedFor: LOOKED_FOR,
    };
  },
};

// --- internal ---

/** What builds front ends, or serves or runs what others have built. */
const NOT_BESIDE = new Set(["java", "node", "static", "shell"]);

/** Beside Node there may be what tests or extends that. */
const SERVES_OTHERS = new Set(["java", "static", "shell"]);

const LOOKED_FOR = ["Spring Boot, Quarkus, Micronaut", "a Main-Class", "a method main"];

function placeOf(source: string, { file }: JavaProject): BuildPlace {
  const otherwise = `${file} is left alone, since there is no JDK in this image; build.builder = "java" brings it`;
  return { user: "nua", cwd: source, from: { what: file }, needs: { program: "javac", otherwise } };
}

function nothingToStart({ file, modules }: JavaProject, member: string | null): NuaError {
  const where = member === null || member === "" ? "the app" : `"${member}"`;
  const names = modules.map(({ folder, name }) => folder || name).slice(0, 10);
  const of = names.length === 0 ? "" : ` in ${names.join(", ")}`;
  const said = `Build "${file}": ${where} makes nothing that can be started: there is no plugin of a framework, no Main-Class and no method main${of}`;
  return new NuaError("config", said, {
    file,
    hint: "name the module with build.app, or write build.build and run.start",
  });
}

/** @throws NuaError (config) for one that needs a server around it */
function rejectPlainWar({ packaging, framework, file }: JavaModule): void {
  if (packaging !== "war" || framework === "spring") return;
  throw new NuaError(
    "config",
    `Build "${file}": it makes a war, which a server such as Tomcat runs`,
    {
      file,
      hint: "make it a jar with a server in it (Spring Boot and others do), or write build.packages with a server, build.build and run.start",
    },
  );
}

function severalModules(candidates: readonly JavaModule[], chosen: JavaModule): string[] {
  if (candidates.length === 0) return [];
  const all = candidates.map(nameOf).join(", ");
  return [`several modules can be started: ${all}; ${nameOf(chosen)} is; build.app names another`];
}

function nameOf({ folder, name }: JavaModule): string {
  return folder || name;
}

function decisionsOf({ distribution }: JavaProject, module: JavaModule): LanguageDecision[] {
  const { tool, version, from } = distribution;
  const title = tool === "maven" ? "Maven" : "Gradle";
  const framework = module.framework === "other" ? "" : ` (${module.framework})`;
  return [
    { what: `built by ${title} ${version}`, from },
    { what: `the module ${nameOf(module)}${framework}`, from: { what: module.file } },
  ];
}
