/**
 * Pure: the frameworks that projects are built for, by their names. Source: learn.microsoft.com,
 * "Target frameworks in SDK-style projects", ".NET and .NET Core support policy".
 */
import { type Framework, fileError, type Project } from "./project.ts";

/** One that runs on Linux. */
export interface RunnableFramework extends Framework {
  major: number;
  minor: number;
}

/** The newest that runs on Linux, of those that a project is built for; null where it says none. */
export function frameworkOf({ frameworks }: Pick<Project, "frameworks">): RunnableFramework | null {
  const found = frameworks.flatMap((one) => runnable(one) ?? []);
  return found.toSorted((a, b) => b.major - a.major || b.minor - a.minor)[0] ?? null;
}

/**
 * @throws NuaError (input) for a project that runs on Windows alone, or names nothing that can be had
 */
export function requireFramework(project: Project): RunnableFramework {
  const { file, frameworks, properties, kind } = project;
  const found = frameworkOf(project);
  const [first] = frameworks;
  const where = first?.from ?? { file, line: 1 };
  const windows = ["UseWPF", "UseWindowsForms", "UseWinUI"].find((name) => properties.is(name));
  if (windows !== undefined) {
    const from = properties.from(windows) ?? where;
    throw fileError(from.file, `${windows}: programs with windows run on Windows alone`, {
      ...{ line: from.line, hint: "name another project of the app with build.app" },
    });
  }
  if (found !== null) return found;
  if (first === undefined) {
    const old = kind === "old" ? "it is of an old form, and says nothing of .NET: " : "";
    const hint = "write <TargetFramework>net8.0</TargetFramework> into its PropertyGroup";
    throw fileError(file, `${old}there is no TargetFramework`, { hint });
  }
  throw fileError(where.file, reasonOf(first.name), { line: where.line, hint: hintOf(first.name) });
}

/** As ranges of versions have it: `8.0.x`. */
export function seriesOf({ major, minor }: RunnableFramework): string {
  return `${major}.${minor}`;
}

/**
 * Whether it stands upon OpenSSL 1.1 and an ICU older than those of current Linux bases. Source:
 * dotnet/core, "6.0 supported OS versions", "OpenSSL 3".
 */
export function isOld({ major }: Pick<RunnableFramework, "major">): boolean {
  return major < 6;
}

// --- internal ---

/** `net8.0`, `netcoreapp3.1`, `net8.0-linux`. */
function runnable(framework: Framework): RunnableFramework | null {
  const [, core = "", major, minor] =
    /^net(coreapp)?(\d{1,2})\.(\d{1,2})(?:-linux)?$/.exec(framework.name) ?? [];
  if (major === undefined) return null;
  const number = Number(major);
  // What is called netcoreapp ends with 3.1, and begins anew with 5.
  if (core === "" ? number < 5 : number > 3) return null;
  return { ...framework, major: number, minor: Number(minor) };
}

function isOfWindows(name: string): boolean {
  return /^(?:net[1-4]\d{0,2}|net[1-4](?:\.\d){1,2}|v[1-4](?:\.\d){1,2})$/.test(name);
}

function reasonOf(name: string): string {
  const shown = name.slice(0, 80);
  if (isOfWindows(name)) {
    return `it is built for ${shown}, the .NET Framework, which runs on Windows alone`;
  }
  const [, platform] = /^net\d+\.\d+-([a-z]+)/.exec(name) ?? [];
  if (platform !== undefined) {
    return `it is built for ${shown}, which runs on ${platform[0]!.toUpperCase()}${platform.slice(1)} alone`;
  }
  if (name.startsWith("netstandard")) return `it is built for ${shown}, as libraries are`;
  return `it is built for "${shown}", which is no framework of .NET's`;
}

function hintOf(name: string): string {
  return isOfWindows(name)
    ? "port it to .NET (net8.0 or newer), or add that to TargetFrameworks"
    : "add a framework such as net8.0 to TargetFrameworks, or name another project with build.app";
}
