/**
 * Pure: front ends that become a part of what is published: they are built before. Source: the SPA
 * templates of ASP.NET Core; Microsoft.VisualStudio.JavaScript.Sdk.
 */
import type { SourceTree } from "../../source/source-tree.ts";
import { type DotnetApp, reachedFrom } from "./app.ts";
import { fileNamed, folderOf, join, pathFrom } from "./msbuild.ts";
import type { Project } from "./project.ts";

/** Folders with a package.json, relative to the app's source. */
export function frontEndsOf(tree: SourceTree, app: DotnetApp, project: Project): string[] {
  const { folder, properties, references } = project;
  const root = properties.get("SpaRoot").replace(/[\\/]+$/, "");
  const named = root === "" ? [] : [pathFrom(folder, root)].flatMap((one) => one ?? []);
  const scripts = references.flatMap(({ path }) =>
    path !== undefined && /\.esproj$/i.test(path) ? [folderOf(path)] : [],
  );
  const usual = reachedFrom(app, project)
    .filter(({ kind }) => kind === "web")
    .flatMap((one) =>
      ["ClientApp", "clientapp", "client-app"].map((name) => join(one.folder, name)),
    );
  const all = [...new Set([...named, ...scripts, ...usual])];
  return all.filter((one) => one !== "" && fileNamed(tree, one, "package.json") !== undefined);
}
