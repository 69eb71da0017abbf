/** Pure: what a pom.xml says. Source: maven.apache.org, "POM Reference". */

import { NuaError } from "../../../lib/errors.ts";
import { childOf, childrenOf, parseXmlFile, type XmlNode } from "../../xml-file.ts";

export interface Coordinates {
  groupId: string;
  artifactId: string;
  version: string;
}

export interface PomParent extends Coordinates {
  /** Null where it is said to be in no folder. */
  relativePath: string | null;
  /** Whether the path is written there. */
  isNamed: boolean;
  line: number;
}

export interface PomPlugin {
  groupId: string;
  artifactId: string;
  /** The plugin's, and those of its executions. */
  configurations: XmlNode[];
  goals: string[];
  line: number;
}

export interface Pom {
  file: string;
  /** As written; what a parent says is not here. */
  groupId: string;
  artifactId: string;
  version: string;
  packaging: string;
  title: string;
  description: string;
  url: string;
  license: string;
  parent: PomParent | null;
  properties: ReadonlyMap<string, { value: string; line: number }>;
  modules: { path: string; line: number }[];
  dependencies: (Coordinates & { scope: string })[];
  /** Those that are used, and not only managed. */
  plugins: PomPlugin[];
  /** Those whose versions and settings are managed. */
  managed: PomPlugin[];
  repositories: { id: string; url: string; line: number }[];
}

/** @throws NuaError (input) for what is no pom.xml */
export function parsePom(text: string, file: string): Pom {
  const root = parseXmlFile(text, file);
  if (root.name !== "project") {
    throw new NuaError("input", `Read "${file}": expected <project>, got <${root.name}>`, {
      ...{ file, position: { line: root.line, column: 1 } },
      hint: "a pom.xml has the element project at its top",
    });
  }
  const said = (...names: string[]) => childOf(root, ...names)?.text ?? "";
  const repositories = [
    ...childrenOf(root, "repositories", "repository"),
    ...childrenOf(root, "pluginRepositories", "pluginRepository"),
  ];
  return {
    file,
    ...coordinatesOf(root),
    packaging: said("packaging") || "jar",
    ...{ title: said("name"), description: said("description"), url: said("url") },
    license: childOf(root, "licenses", "license", "name")?.text ?? "",
    parent: parentOf(childOf(root, "parent")),
    properties: new Map(
      (childOf(root, "properties")?.children ?? []).map(({ name, text: value, line }) => [
        name,
        { value, line },
      ]),
    ),
    modules: [...modulesOf(root), ...profilesOf(root).flatMap(modulesOf)].slice(0, MOST),
    dependencies: childrenOf(root, "dependencies", "dependency")
      .slice(0, MOST)
      .map((one) => ({ ...coordinatesOf(one), scope: childOf(one, "scope")?.text || "compile" })),
    plugins: childrenOf(root, "build", "plugins", "plugin").slice(0, MOST).map(pluginOf),
    managed: childrenOf(root, "build", "pluginManagement", "plugins", "plugin")
      .slice(0, MOST)
      .map(pluginOf),
    repositories: repositories.slice(0, MOST).map((one) => ({
      ...{ id: childOf(one, "id")?.text ?? "", url: childOf(one, "url")?.text ?? "" },
      line: one.line,
    })),
  };
}

// --- internal ---

/** More than anybody writes of anything. */
const MOST = 2000;

function coordinatesOf(node: XmlNode): Coordinates {
  const said = (name: string) => childOf(node, name)?.text ?? "";
  return { groupId: said("groupId"), artifactId: said("artifactId"), version: said("version") };
}

function parentOf(node: XmlNode | undefined): PomParent | null {
  if (node === undefined) return null;
  const path = childOf(node, "relativePath");
  return {
    ...coordinatesOf(node),
    relativePath: path === undefined ? "../pom.xml" : path.text || null,
    isNamed: path !== undefined,
    line: path?.line ?? node.line,
  };
}

function modulesOf(node: XmlNode): Pom["modules"] {
  const all = [
    ...childrenOf(node, "modules", "module"),
    ...childrenOf(node, "subprojects", "subproject"),
  ];
  return all.filter(({ text }) => text !== "").map(({ text: path, line }) => ({ path, line }));
}

/** Those that are there unless somebody says otherwise. */
function profilesOf(root: XmlNode): XmlNode[] {
  return childrenOf(root, "profiles", "profile").filter(
    (one) => childOf(one, "activation", "activeByDefault")?.text === "true",
  );
}

function pluginOf(node: XmlNode): PomPlugin {
  const executions = childrenOf(node, "executions", "execution");
  const { groupId, artifactId } = coordinatesOf(node);
  return {
    ...{ groupId: groupId || "org.apache.maven.plugins", artifactId },
    configurations: [node, ...executions].flatMap((one) => childOf(one, "configuration") ?? []),
    goals: executions.flatMap((one) => childrenOf(one, "goals", "goal").map(({ text }) => text)),
    line: node.line,
  };
}
