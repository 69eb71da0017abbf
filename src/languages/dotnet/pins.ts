/**
 * Pure: which .NET an app asks for. global.json, mise.toml and .tool-versions name an SDK; without
 * them it is of the series that its projects are built for. What runs it is of that series in any
 * case: an SDK builds for older ones.
 */
import { semver } from "../../lib/semver.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import type { RequestedRuntime } from "../runtime.ts";
import { namedVersion } from "../version-files.ts";
import { type DotnetApp, reachedFrom } from "./app.ts";
import { frameworkOf, type RunnableFramework, requireFramework, seriesOf } from "./frameworks.ts";
import { sdkOfGlobalJson, type WantedSdk } from "./global-json.ts";
import type { Project } from "./project.ts";

/**
 * @throws NuaError (input) for an app that runs on Windows alone, or that names no version of an SDK
 */
export function requestedDotnet(
  tree: SourceTree,
  app: DotnetApp,
  project: Project,
): RequestedRuntime[] {
  const framework = requireFramework(project);
  const newest = newestOf(reachedFrom(app, project), framework);
  const sdk = { language: "dotnet", use: "build" } as const;
  const least = { ...sdk, from: originOf(newest) };
  const said = sdkOfGlobalJson(tree) ?? named(tree);
  const range = `>=${seriesOf(newest)}.100`;
  // An SDK builds for its own series and for older ones.
  const isTooOld = said !== null && !isWithin(said.range, range);
  const builds =
    said === null
      ? [{ ...least, range: `${seriesOf(newest)}.x`, accepts: range }]
      : [{ ...sdk, ...said }, ...(isTooOld ? [{ ...least, range }] : [])];
  if (project.kind === "pages" || isSelfContained(project)) return builds;
  const language = servesByAspnet(app, project) ? "aspnet" : "dotnetruntime";
  const from = originOf(framework);
  return [{ language, range: `${seriesOf(framework)}.x`, from, use: "run" }, ...builds];
}

/** Whether what is published has all of .NET that it needs. */
export function isSelfContained({ properties }: Project): boolean {
  const names = ["SelfContained", "PublishSelfContained", "PublishAot", "PublishTrimmed"];
  return names.some((name) => properties.is(name));
}

/** Whether it, or a project that it is built with, needs ASP.NET Core. */
export function servesByAspnet(app: DotnetApp, project: Project): boolean {
  return reachedFrom(app, project).some(
    ({ kind, shared }) =>
      kind === "web" || shared.some((one) => /^Microsoft\.AspNetCore\.App$/i.test(one)),
  );
}

// --- internal ---

/** Whether all that the one allows is allowed by the other; what is no range is told of elsewhere. */
function isWithin(range: string, other: string): boolean {
  return semver.validRange(range) === null || semver.subset(range, other);
}

function newestOf(projects: readonly Project[], own: RunnableFramework): RunnableFramework {
  const all = projects.flatMap((one) => frameworkOf(one) ?? []);
  return all.reduce(
    (best, one) =>
      one.major > best.major || (one.major === best.major && one.minor > best.minor) ? one : best,
    own,
  );
}

function originOf({ from: { file, line } }: RunnableFramework): RequestedRuntime["from"] {
  return { what: file, line };
}

/** "8" and "8.0" are series; "8.0.404" is that very one. */
function named(tree: SourceTree): WantedSdk | null {
  const found = namedVersion(tree, ["dotnet", "dotnet-core", "dotnet-sdk"]);
  return found === null ? null : { range: found.version, from: found.from };
}
