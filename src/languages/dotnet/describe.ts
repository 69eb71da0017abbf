/** Pure: what the project of an app says of it. */
import type { SourceTree } from "../../source/source-tree.ts";
import type { AppDescription } from "../language.ts";
import { readApp } from "./app.ts";
import { chooseProject } from "./choose-project.ts";

export function describeDotnet(tree: SourceTree): AppDescription | null {
  const app = readApp(tree);
  if (app === null) return null;
  const { project } = chooseProject(tree, app, { member: null, id: "", started: [] });
  if (project === null) return null;
  const said = (...names: string[]) =>
    names
      .map((name) => project.properties.get(name))
      .find((text) => text !== "" && !/\$\(/.test(text));
  const names = app.solutions.map((path) =>
    path
      .split("/")
      .at(-1)!
      .replace(/\.\w+$/, ""),
  );
  const all = {
    name: names[0] ?? project.title,
    version: said("Version", "VersionPrefix"),
    description: said("Description")?.split("\n")[0]?.trim(),
    author: said("Authors", "Company"),
    license: said("PackageLicenseExpression"),
    homepage: said("PackageProjectUrl", "RepositoryUrl"),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
