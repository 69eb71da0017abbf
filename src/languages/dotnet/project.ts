/** Pure: a project of .NET's: what it is, what it is made for, and what it depends on. */
import { NuaError } from "../../lib/errors.ts";
import { oncePer } from "../../lib/once-per.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import { evaluate, fileNamed, folderOf, type Item, join, pathFrom } from "./msbuild.ts";
import type { Properties } from "./properties.ts";

export interface Project {
  /** Its file, and the folder of that, relative to the app's source. */
  file: string;
  folder: string;
  /** The name of the file, without its ending. */
  title: string;
  /** As its result is called. */
  assembly: string;
  kind: ProjectKind;
  frameworks: readonly Framework[];
  properties: Properties;
  /** Projects that it is built with. */
  references: readonly { path: string | undefined; written: string; file: string; line: number }[];
  packages: readonly Item[];
  /** Shared frameworks beside the plain one. */
  shared: readonly string[];
  /** Files that were read for it. */
  files: readonly string[];
}

/**
 * `web` serves by ASP.NET Core, `pages` are files for a browser (Blazor WebAssembly), `host` starts
 * other projects on a developer's machine, `script` builds a front end, `old` is none of the SDK's.
 */
export type ProjectKind =
  | "web"
  | "program"
  | "pages"
  | "host"
  | "test"
  | "library"
  | "script"
  | "old";

/** A framework that it is built for: `net8.0`. */
export interface Framework {
  name: string;
  from: { file: string; line: number };
}

export const PROJECT_FILE = /^[^.].*\.(?:cs|fs|vb)proj$/i;

/**
 * @throws NuaError (input) for a file that is no XML, or no project
 */
export const readProject = oncePer((tree: SourceTree, file: string): Project => {
  const { sdks, properties, items, files } = evaluate(tree, file);
  const folder = folderOf(file);
  const title = file
    .split("/")
    .at(-1)!
    .replace(/\.\w+$/, "");
  const named = (name: string) => items.get(name) ?? [];
  const packages = [...named("PackageReference"), ...named("GlobalPackageReference")];
  const assembly = properties.get("AssemblyName");
  return {
    ...{ file, folder, title, properties, packages },
    assembly: /^[\w][\w .+-]*$/.test(assembly) ? assembly : title,
    kind: kindOf({ file, title, sdks, properties, packages }),
    frameworks: frameworksOf(file, properties),
    references: named("ProjectReference").map((item) => ({
      ...{ path: referenced(tree, folder, item.include), written: item.include },
      ...{ file: item.file, line: item.line },
    })),
    shared: named("FrameworkReference").map(({ include }) => include),
    files: [...files, ...besides(tree, folder)],
  };
});

/** An error about a file of the app. */
export function fileError(
  file: string,
  problem: string,
  { line = 1, hint }: { line?: number; hint: string },
): NuaError {
  return new NuaError("input", `Read "${file}": ${problem}`, {
    ...{ file, hint, position: { line, column: 1 } },
  });
}

// --- internal ---

const WEB = /^Microsoft\.NET\.Sdk\.(?:Web|Razor|BlazorWebAssembly)$/i;

interface Facts extends Pick<Project, "file" | "title" | "properties" | "packages"> {
  sdks: readonly string[];
}

function kindOf({ file, title, sdks, properties, packages }: Facts): ProjectKind {
  const has = (pattern: RegExp) => sdks.some((one) => pattern.test(one));
  if (/\.esproj$/i.test(file)) return "script";
  if (sdks.length === 0) return "old";
  const isTest =
    properties.is("IsTestProject") ||
    packages.some(({ include }) => TESTS.test(include)) ||
    /(?:^|[._-])(?:Unit|Integration|Functional|Acceptance|E2E)?(?:Tests?|Specs?|Benchmarks?)$/i.test(
      title,
    );
  if (has(/^Aspire\.AppHost\.Sdk$/i) || properties.is("IsAspireHost")) return "host";
  if (isTest) return "test";
  if (has(/^Microsoft\.NET\.Sdk\.BlazorWebAssembly$/i)) return "pages";
  const output = properties.get("OutputType").toLowerCase();
  if (has(/^Microsoft\.NET\.Sdk\.Web$/i)) return output === "library" ? "library" : "web";
  if (has(/^Microsoft\.NET\.Sdk\.Worker$/i) && output !== "library") return "program";
  if (output === "exe" || output === "winexe") return "program";
  return has(WEB) || output === "" || output === "library" ? "library" : "program";
}

/** Packages that only tests and measurements need. */
const TESTS =
  /^(?:Microsoft\.NET\.Test\.Sdk|xunit(?:\..*)?|NUnit3TestAdapter|MSTest(?:\..*)?|TUnit|BenchmarkDotNet)$/i;

function frameworksOf(file: string, properties: Properties): Framework[] {
  for (const name of ["TargetFrameworks", "TargetFramework", "TargetFrameworkVersion"]) {
    const from = properties.from(name) ?? { file, line: 1 };
    const found = properties
      .get(name)
      .split(";")
      .map((one) => one.trim().toLowerCase())
      .filter((one) => one !== "")
      .slice(0, 50);
    if (found.length > 0) return found.map((one) => ({ name: one, from }));
  }
  return [];
}

/** Letters of its names may be written otherwise: where Windows builds it, they do not count. */
function referenced(tree: SourceTree, folder: string, written: string): string | undefined {
  const path = pathFrom(folder, written);
  if (path === undefined) return undefined;
  return fileNamed(tree, folderOf(path), path.split("/").at(-1)!) ?? path;
}

/** What restoring reads beside what MSBuild imports. */
function besides(tree: SourceTree, folder: string): string[] {
  const path = join(folder, "paket.references");
  return tree.has(path) ? [path] : [];
}
