/** .NET: apps with projects of C#, F# or Visual Basic. */
import { NuaError } from "../../lib/errors.ts";
import { BUILD } from "../../protocol/layout.ts";
import { plannedPackages } from "../../protocol/planned-action.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import type { BuildPlace } from "../build-place.ts";
import type { Language, LanguageDecision } from "../language.ts";
import leadToMirror from "./agent/lead_to_mirror.py" with { type: "text" };
import {
  type DotnetApp,
  findManifest,
  MANIFESTS,
  reachedFrom,
  readApp,
  rejectMissing,
} from "./app.ts";
import { isForOthers, publishCommands, removalCommands, restoreCommands } from "./build.ts";
import { chooseProject, findMember, titleOf } from "./choose-project.ts";
import { configsOf, dotnetRule } from "./dependencies.ts";
import { describeDotnet } from "./describe.ts";
import { isOld, requireFramework } from "./frameworks.ts";
import { frontEndsOf } from "./front-ends.ts";
import { nativePackages } from "./native-packages.ts";
import { configWarnings } from "./nuget-config.ts";
import { isSelfContained, requestedDotnet, servesByAspnet } from "./pins.ts";
import type { Project } from "./project.ts";
import { aspnetRuntime, plainRuntime, sdkRuntime } from "./runtime.ts";
import { plainCommand, startOf } from "./start.ts";

/** The image has what is published, and of .NET what runs that: the SDK is there for the build alone. */
export const dotnet: Language = {
  name: "dotnet",
  installsPython: false,
  scripts: { "lead_to_mirror.py": leadToMirror },
  dependencies: dotnetRule,
  runtime: aspnetRuntime,
  otherRuntimes: [plainRuntime, sdkRuntime],
  manifests: MANIFESTS,
  detect: findManifest,
  describe: describeDotnet,
  // Beside another language it may be there for tools, examples or clients of it alone.
  isOfApp(tree, { languages }) {
    if (languages.every((name) => NOT_BESIDE.has(name))) return true;
    const app = readApp(tree);
    return app === null || (!app.file.includes("/") && chosenIn(tree, app, null) !== null);
  },
  runtimes(tree, { member = null }) {
    const app = readApp(tree)!;
    const project = chosenIn(tree, app, member);
    return project === null ? [] : requestedDotnet(tree, app, project);
  },
  findMember(tree, name) {
    const app = readApp(tree);
    return app && findMember(app, name);
  },
  frontEnds(tree) {
    const app = readApp(tree);
    const project = app && chosenIn(tree, app, null);
    return project ? frontEndsOf(tree, app, project) : [];
  },
  plainCommand(tree, line) {
    return plainCommand(tree, line);
  },
  plan(tree, options) {
    const { source, member, id = "", started = [], frozen = false, languages } = options;
    const app = readApp(tree)!;
    const { project, candidates, from } = chooseProject(tree, app, { member, id, started });
    if (project === null) throw nothingToStart(app, member);
    requireFramework(project);
    const reached = reachedFrom(app, project);
    rejectMissing(tree, reached, source.slice(BUILD.length).split("/").filter(Boolean).length);
    const place = placeOf(source, project);
    const native = nativePackages(app, project);
    const { start, site, env, warnings } = startOf(tree, app, project);
    const isAlone =
      started.length === 0 &&
      options.buildsMore !== true &&
      languages.every((name) => NOT_BESIDE.has(name));
    return {
      packages: [],
      runPackages: native.run,
      install: restoreCommands(tree, app, { project, place, frozen }),
      // They are there where it is linked, and not where packages are restored.
      build: [
        ...plannedPackages(native.build, "build", { from: [from], needs: place.needs }),
        ...publishCommands(project, place),
      ],
      tidy: removalCommands(app, { place, isAlone }),
      ...{ start, site, env },
      warnings: [
        ...severalProjects(candidates, project),
        ...oldWarnings(project),
        ...otherSystem(project),
        ...configWarnings(tree, configsOf(tree, reached)),
        ...warnings,
      ],
      decisions: decisionsOf(app, project, from),
      lookedFor: LOOKED_FOR,
    };
  },
};

// --- internal ---

/** What builds front ends, or serves or runs what others have built. */
const NOT_BESIDE = new Set(["dotnet", "node", "static", "shell"]);

const LOOKED_FOR = ["Microsoft.NET.Sdk.Web", "OutputType Exe"];

function chosenIn(tree: SourceTree, app: DotnetApp, member: string | null): Project | null {
  return chooseProject(tree, app, { member, id: "", started: [] }).project;
}

function placeOf(source: string, { file }: Project): BuildPlace {
  const otherwise = `${file} is left alone, since there is no .NET in this image; build.builder = "dotnet" brings it`;
  return {
    user: "nua",
    cwd: source,
    from: { what: file },
    needs: { program: "dotnet", otherwise },
  };
}

function nothingToStart({ file, projects }: DotnetApp, member: string | null): NuaError {
  const where = member === null || member === "" ? "the app" : `"${member}"`;
  const names = projects.map((one) => `${titleOf(one)}: ${one.kind}`).slice(0, 10);
  const of = names.length === 0 ? "no projects" : names.join(", ");
  const said = `Build "${file}": ${where} has nothing that can be started, neither a project of Microsoft.NET.Sdk.Web nor one with the OutputType Exe; there are ${of}`;
  return new NuaError("config", said, {
    file,
    hint: "name the project with build.app, or write build.build and run.start",
  });
}

function severalProjects(candidates: readonly Project[], chosen: Project): string[] {
  if (candidates.length === 0) return [];
  const all = candidates.map(titleOf).join(", ");
  return [
    `several projects can be started: ${all}; ${titleOf(chosen)} is; build.app names another`,
  ];
}

function oldWarnings(project: Project): string[] {
  const framework = requireFramework(project);
  if (!isOld(framework) || project.kind === "pages") return [];
  const { name, from } = framework;
  return [
    `${from.file}:${from.line} asks for ${name}, which is no longer maintained: it knows no culture but the invariant one here, and has TLS only where OpenSSL 1.1 comes with it`,
  ];
}

function otherSystem({ properties }: Project): string[] {
  const identifier = properties.get("RuntimeIdentifier");
  const from = properties.from("RuntimeIdentifier");
  if (from === undefined || !isForOthers(identifier)) return [];
  return [
    `${from.file}:${from.line} has it built for ${identifier.slice(0, 80)}; it is built for Linux`,
  ];
}

function decisionsOf(
  app: DotnetApp,
  project: Project,
  from: LanguageDecision["from"],
): LanguageDecision[] {
  const kinds = { pages: "pages for browsers (Blazor WebAssembly)", web: "ASP.NET Core" };
  const kind =
    project.kind === "pages" ? kinds.pages : servesByAspnet(app, project) ? kinds.web : "a program";
  const own = isSelfContained(project) ? ", with all of .NET that it needs" : "";
  return [{ what: `the project ${titleOf(project)}: ${kind}${own}`, from }];
}
