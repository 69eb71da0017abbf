/** Pure: an app of Gradle's, as the room reads it. */
import { NuaError } from "../../../lib/errors.ts";
import type { Origin } from "../../../protocol/planned-action.ts";
import { type SourceTree, treePath } from "../../../source/source-tree.ts";
import { distributionOf, GRADLE } from "../app/distribution.ts";
import { frameworkOf } from "../app/frameworks.ts";
import { mainClasses } from "../app/main-class.ts";
import type { JavaModule, JavaProject } from "../app/project.ts";
import { majorOf } from "../app/versions.ts";
import {
  type Catalog,
  dependenciesIn,
  find,
  type GradleScript,
  includedBuilds,
  includedIn,
  pluginsIn,
  readCatalog,
  readScript,
} from "./script.ts";

export const GRADLE_FILES = [
  ...["settings.gradle.kts", "settings.gradle", "build.gradle.kts", "build.gradle"],
];

/** @throws NuaError (input) for files that Gradle could not read, and for projects without a folder */
export function readGradle(tree: SourceTree): JavaProject | null {
  const settings = readScript(tree, "settings");
  const top = readScript(tree, "build");
  const first = settings ?? top;
  if (first === null) return null;
  const catalog = readCatalog(tree);
  const places = [TOP, ...(settings === null ? [] : projectsOf(tree, settings))];
  const scripts = places.flatMap((place) => {
    const script = place === TOP ? top : scriptOf(tree, place.folder);
    return script === null ? [] : [{ ...place, script }];
  });
  const shared = top === null ? [] : sharedPlugins(top);
  const rootName = settings && find(settings, /\brootProject\.name\s*=\s*["']([^"'\n]+)["']/);
  const modules = scripts.map((one) =>
    moduleOf(tree, one, { catalog, rootName: rootName?.value ?? "app", shared }),
  );
  const all = scripts.map(({ script }) => script);
  const distribution = distributionOf(tree, GRADLE, first.file);
  const version = top && find(top, /^\s*version\s*=?\s*["']([\w.+-]+)["']/m);
  return {
    ...{ tool: "gradle", file: (top ?? first).file, distribution, modules },
    ...javaOf(all, distribution.version, distribution.from),
    description: {
      ...(rootName === null ? {} : { name: rootName.value }),
      ...(version === null ? {} : { version: version.value }),
    },
    ...{ warnings: distribution.warnings, decisions: [] },
    reads: [
      ...[...GRADLE_FILES, "gradle.properties", "gradle", "buildSrc", "build-logic"],
      ...(settings === null ? [] : includedBuilds(settings)).flatMap((one) => treePath(one) || []),
      ...["gradle.lockfile", "settings-gradle.lockfile", "buildscript-gradle.lockfile"],
      ...all.map(({ file }) => file),
      ...places.slice(1).map(({ folder }) => `${folder}/gradle.lockfile`),
    ],
  };
}

// --- internal ---

interface ProjectPlace {
  folder: string;
  /** As Gradle calls it: `:a:b`. */
  path: string;
}

const TOP: ProjectPlace = { folder: "", path: "" };

/** A project's folder may lack a script of its own, and be there for those below it. */
function projectsOf(tree: SourceTree, settings: GradleScript): ProjectPlace[] {
  const moved =
    /project\s*\(\s*["']:?([\w:.-]+)["']\s*\)\.projectDir\s*=\s*(?:new\s+)?(?:File\s*\([^"']*|file\s*\(\s*)["']([^"'\n]+)["']/g;
  const places = new Map(
    [...settings.text.matchAll(moved)].map(([, name, path]) => [name!.replaceAll(":", "/"), path!]),
  );
  return includedIn(settings).map(({ value, line }) => {
    const folder = treePath(places.get(value) ?? value);
    const path = `:${value.replaceAll("/", ":")}`;
    if (folder !== undefined && (tree.has(folder) || places.has(value))) return { folder, path };
    const reason = folder === undefined ? "is outside of the app's folder" : "has no folder";
    throw new NuaError("input", `Read "${settings.file}": the project "${value}" ${reason}`, {
      ...{ file: settings.file, position: { line, column: 1 } },
      hint: "add it, or take it out of include",
    });
  });
}

/** Some name a script after its folder. */
function scriptOf(tree: SourceTree, folder: string): GradleScript | null {
  const name = folder.split("/").at(-1)!;
  return readScript(tree, `${folder}/build`) ?? readScript(tree, `${folder}/${name}`);
}

/** What the top applies to all, or to those below it. */
function sharedPlugins({ text }: GradleScript): string[] {
  const block = /\b(?:allprojects|subprojects)\s*\{([\s\S]*)$/.exec(text)?.[1] ?? "";
  return [...block.matchAll(/\bapply\s*\(?\s*plugin\s*[:=]\s*["']([\w.-]+)["']/g)].map(
    ([, name]) => name!,
  );
}

interface Whole {
  catalog: Catalog;
  rootName: string;
  shared: readonly string[];
}

function moduleOf(
  tree: SourceTree,
  { folder, path, script }: ProjectPlace & { script: GradleScript },
  { catalog, rootName, shared }: Whole,
): JavaModule {
  const plugins = new Set([...pluginsIn(script, catalog), ...(folder === "" ? [] : shared)]);
  const dependencies = new Set(dependenciesIn(script, catalog));
  const framework = frameworkOf([...plugins, ...dependencies]);
  const mains = mainClasses(tree, folder);
  const told = find(script, ...MAIN_CLASS)?.value ?? null;
  const isBoot = plugins.has("org.springframework.boot");
  const isWhole = ["com.github.johnrengelman.shadow", "com.gradleup.shadow"].some((one) =>
    plugins.has(one),
  );
  const isQuarkus = plugins.has("io.quarkus");
  const hasScript = SCRIPT_PLUGINS.some((one) => plugins.has(one));
  const isScript = hasScript && !isBoot && !isQuarkus;
  const isPackaged = isBoot || isQuarkus || isWhole || hasScript;
  return {
    ...{ folder, name: folder.split("/").at(-1) || rootName, file: script.file, framework },
    isRunnable:
      (isPackaged && (mains.length > 0 || told !== null || isQuarkus)) || mains.length > 0,
    packaging: plugins.has("war") ? "war" : "jar",
    mainClass: isPackaged ? null : (told ?? mains[0]?.name ?? null),
    dependencies,
    isKotlin: mains[0]?.file.endsWith(".kt") === true,
    path,
    task: isBoot
      ? plugins.has("war")
        ? "bootWar"
        : "bootJar"
      : taskOf({ isQuarkus, isScript, isWhole }),
    ...(isScript ? { isScript } : {}),
  };
}

function taskOf(kind: { isQuarkus: boolean; isScript: boolean; isWhole: boolean }): string {
  if (kind.isQuarkus) return "quarkusBuild";
  if (kind.isScript) return "installDist";
  return kind.isWhole ? "shadowJar" : "jar";
}

/** They apply `application`, which has the task installDist. */
const SCRIPT_PLUGINS = ["application", "io.ktor.plugin", "io.micronaut.application"];

const MAIN_CLASS = [
  /\bmainClass(?:\.set\s*\(|\s*=|\s+)\s*\(?["']([\w.$]+)["']/,
  /\bmainClassName\s*=?\s*["']([\w.$]+)["']/,
  /["']Main-Class["']\s*(?:to|:|,)\s*["']([\w.$]+)["']/,
];

function javaOf(
  scripts: readonly GradleScript[],
  version: string,
  from: Origin,
): Pick<JavaProject, "minimum" | "named" | "limits"> {
  const at = (script: GradleScript, ...patterns: RegExp[]) => {
    const found = find(script, ...patterns);
    const major = found === null ? null : majorOf(found.value.replaceAll("_", "."));
    return major === null
      ? []
      : [{ version: major, from: { what: script.file, line: found!.line } }];
  };
  const named = scripts.flatMap((one) => at(one, ...TOOLCHAIN))[0] ?? null;
  const levels = scripts.flatMap((one) => at(one, ...LEVEL));
  const newest = levels.toSorted((one, other) => other.version - one.version)[0] ?? null;
  const least = Number(version.split(".")[0]) >= 9 ? ">=17 " : "";
  return {
    minimum: newest,
    named: named && { range: String(named.version), from: named.from },
    limits: [{ range: `${least}<=${newestJava(version)}`, from }],
  };
}

const TOOLCHAIN = [
  /\bJavaLanguageVersion\.of\s*\(\s*["']?(\d+)["']?\s*\)/,
  /\bjvmToolchain\s*\(\s*(\d+)\s*\)/,
];

const LEVEL = [
  /\b(?:sourceCompatibility|targetCompatibility)\s*(?:=|\.set\()?\s*(?:JavaVersion\.)?(?:VERSION_)?["']?(1[._]\d|\d{1,2})\b/,
  /\boptions\.release\s*(?:=|\.set\s*\()\s*(\d+)/,
  /\bjvmTarget\s*(?:=|\.set\s*\()\s*(?:JvmTarget\.)?(?:JVM_)?["']?(1[._]\d|\d{1,2})\b/,
];

/** 8.10 is newer than 8.8: numbers of two digits. */
function newestJava(version: string): number {
  const [major = 0, minor = 0] = version.split(".").map((one) => Number.parseInt(one, 10));
  const found = NEWEST_JAVA.find(
    ([first, second]) => major > first || (major === first && minor >= second),
  );
  return found?.[2] ?? 8;
}

/** Source: docs.gradle.org, "Compatibility Matrix": what runs Gradle, from each version on. */
const NEWEST_JAVA: readonly (readonly [major: number, minor: number, java: number])[] = [
  ...([
    [9, 1, 25],
    [8, 14, 24],
    [8, 10, 23],
    [8, 8, 22],
    [8, 5, 21],
    [8, 3, 20],
  ] as const),
  ...([
    [7, 6, 19],
    [7, 5, 18],
    [7, 3, 17],
    [7, 0, 16],
    [6, 7, 15],
    [6, 3, 14],
    [6, 0, 13],
  ] as const),
  ...([
    [5, 4, 12],
    [5, 0, 11],
    [4, 7, 10],
  ] as const),
];
