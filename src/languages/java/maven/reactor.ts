/** Pure: an app of Maven's as a whole: the pom.xml at its top, and its modules. */
import { posix } from "node:path";
import { NuaError } from "../../../lib/errors.ts";
import { oncePer } from "../../../lib/once-per.ts";
import { type SourceTree, treePath } from "../../../source/source-tree.ts";
import { type Pom, type PomParent, type PomPlugin, parsePom } from "./pom.ts";

export const POM = "pom.xml";

export interface MavenModule {
  /** Relative to the app's source; "" is its top. */
  folder: string;
  pom: Pom;
  /** The parents that are in the app's folder, the nearest first. */
  parents: Pom[];
}

export interface Reactor {
  /** The top comes first; each after what names it. */
  modules: MavenModule[];
  warnings: string[];
}

/**
 * Null where there is no pom.xml.
 * @throws NuaError (input) for one that Maven could not read, and for modules that are not there
 */
export const readReactor = oncePer((tree: SourceTree): Reactor | null => {
  if (tree.text(POM) === undefined) return null;
  const modules: MavenModule[] = [];
  const warnings: string[] = [];
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (modules.length >= MOST_MODULES || seen.has(file)) return;
    seen.add(file);
    const pom = pomAt(tree, file);
    const { parents, told } = parentsOf(tree, pom);
    warnings.push(...told);
    modules.push({ folder: folderOf(file), pom, parents });
    for (const { path, line } of pom.modules) visit(moduleFile(tree, pom, { path, line }));
  };
  visit(POM);
  return { modules, warnings: [...new Set(warnings)] };
});

/** Of the module, else of its parents; with what is written in it filled in. */
export function propertyOf(
  { pom, parents }: MavenModule,
  name: string,
): { value: string; file: string; line: number } | null {
  for (const one of [pom, ...parents]) {
    const found = one.properties.get(name);
    if (found === undefined) continue;
    return { value: filledIn(found.value, [pom, ...parents]), file: one.file, line: found.line };
  }
  return null;
}

/** With the values of properties in the place of their names. */
export function filledIn(text: string, poms: readonly Pom[]): string {
  if (text.length > MOST_CHARACTERS) return text;
  let filled = text;
  for (let round = 0; round < 8 && filled.includes("${"); round += 1) {
    filled = filled.replace(/\$\{([\w.-]+)\}/g, (whole, name: string) => {
      const value = valueNamed(name, poms);
      return value === undefined || value.length > MOST_VALUE ? whole : value;
    });
    if (filled.length > MOST_CHARACTERS) return text;
  }
  return filled;
}

/** The plugins of a module and of its parents; what is only managed is not used. */
export function pluginsOf({ pom, parents }: MavenModule): PomPlugin[] {
  return [pom, ...parents].flatMap(({ plugins }) => plugins);
}

/** All that anything says of a plugin's settings. */
export function configurationsOf({ pom, parents }: MavenModule, artifactId: string) {
  return [pom, ...parents]
    .flatMap(({ plugins, managed }) => [...plugins, ...managed])
    .filter((one) => one.artifactId === artifactId)
    .flatMap(({ configurations }) => configurations);
}

/** With those of its parents. */
export function dependenciesOf({ pom, parents }: MavenModule): Pom["dependencies"] {
  return [pom, ...parents].flatMap(({ dependencies }) => dependencies);
}

export function below(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}

// --- internal ---

/** Modules often have the same parents, which are large. */
const pomAt = oncePer((tree: SourceTree, file: string) => parsePom(tree.text(file) ?? "", file));

const MOST_MODULES = 500;
const MOST_PARENTS = 20;
const MOST_CHARACTERS = 4096;
/** Of a property: no text of the above with it is large. */
const MOST_VALUE = 1024;

function folderOf(file: string): string {
  const folder = posix.dirname(file);
  return folder === "." ? "" : folder;
}

/** A module is a folder, or a file of any name. */
function moduleFile(
  tree: SourceTree,
  { file }: Pom,
  { path, line }: { path: string; line: number },
): string {
  const at = treePath(posix.join(folderOf(file), path.replaceAll("\\", "/")));
  const found = at && (path.endsWith(".xml") ? at : below(at, POM));
  if (found && tree.text(found) !== undefined) return found;
  const reason = at === undefined ? "is outside of the app's folder" : `has no ${POM}`;
  throw new NuaError("input", `Read "${file}": the module "${path}" ${reason}`, {
    ...{ file, position: { line, column: 1 } },
    hint: "add it, or take it out of modules",
  });
}

function parentsOf(tree: SourceTree, pom: Pom): { parents: Pom[]; told: string[] } {
  const parents: Pom[] = [];
  for (let at = pom; at.parent !== null && parents.length < MOST_PARENTS; ) {
    const file = parentFile(tree, at, at.parent);
    if (file === null) {
      const told = outsideOf(at, at.parent);
      return { parents, told: told === null ? [] : [told] };
    }
    if (file === at.file || parents.some((one) => one.file === file)) break;
    at = pomAt(tree, file);
    parents.push(at);
  }
  return { parents, told: [] };
}

/** The pom.xml that a path leads to counts only where it is that parent. */
function parentFile(tree: SourceTree, { file }: Pom, parent: PomParent): string | null {
  if (parent.relativePath === null) return null;
  const at = treePath(posix.join(folderOf(file), parent.relativePath.replaceAll("\\", "/")));
  if (at === undefined) return null;
  const found = at.endsWith(".xml") ? at : below(at, POM);
  if (tree.text(found) === undefined) return null;
  const { artifactId } = pomAt(tree, found);
  return artifactId === parent.artifactId ? found : null;
}

/**
 * @returns what is to be told where the folder above has it, and perhaps a registry too
 * @throws NuaError (input) where nothing else than that folder can have it
 */
function outsideOf({ file }: Pom, parent: PomParent): string | null {
  const { artifactId, version, relativePath, isNamed, line } = parent;
  const isOwn = version.endsWith("-SNAPSHOT") || version.includes("${");
  if (isOwn) {
    throw new NuaError(
      "input",
      `Read "${file}": its parent ${artifactId} is not in the app's folder`,
      {
        ...{ file, position: { line, column: 1 } },
        hint: "build the folder that both are in, with build.app for this module",
      },
    );
  }
  if (!isNamed || relativePath === null) return null;
  return `${file}:${line}: the parent ${artifactId} is not at ${relativePath}: Maven asks its repositories for it`;
}

function valueNamed(name: string, poms: readonly Pom[]): string | undefined {
  const [own] = poms;
  const parent = own?.parent;
  if (name === "project.artifactId" || name === "artifactId") return own?.artifactId;
  if (name === "project.version" || name === "version") return own?.version || parent?.version;
  if (name === "project.groupId" || name === "groupId") return own?.groupId || parent?.groupId;
  return poms.map(({ properties }) => properties.get(name)?.value).find((one) => one !== undefined);
}
