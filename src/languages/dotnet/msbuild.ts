/**
 * Pure: what a project file of MSBuild's says: properties and items, with what the files above it
 * give. Nothing is executed: of conditions, comparisons are understood, and what stands under any
 * other counts for nothing. Source: learn.microsoft.com, "MSBuild conditions", "Customize your build".
 */
import { oncePer } from "../../lib/once-per.ts";
import { type SourceTree, treePath } from "../../source/source-tree.ts";
import { parseXmlFile, type XmlNode } from "../xml-file.ts";
import { isTrue, Properties } from "./properties.ts";

export interface Item {
  /** As it stands there, with properties in place of their names. */
  include: string;
  version: string;
  file: string;
  line: number;
}

export interface Evaluated {
  /** Of the element at its top: `Microsoft.NET.Sdk.Web`, without a version. */
  sdks: string[];
  properties: Properties;
  /** By the names of their elements. */
  items: ReadonlyMap<string, readonly Item[]>;
  /** Files that were read for it, with those above. */
  files: string[];
}

/** Files that MSBuild reads for all projects below them. */
export const ABOVE = ["Directory.Build.props", "Directory.Build.targets"] as const;

/**
 * @param file of the project
 * @throws NuaError (input) for one that is no XML
 */
export const evaluate = oncePer((tree: SourceTree, file: string): Evaluated => {
  const folder = folderOf(file);
  const state: State = {
    ...{ tree, sdks: [], items: new Map(), files: [], left: MOST_FILES },
    properties: new Properties({
      Configuration: "Release",
      Platform: "AnyCPU",
      MSBuildProjectName: file
        .split("/")
        .at(-1)!
        .replace(/\.\w+$/, ""),
      MSBuildProjectExtension: `.${file.split(".").at(-1)}`,
      MSBuildProjectDirectory: "",
      OS: "Unix",
    }),
  };
  const [props, targets] = ABOVE.map((name) => nearest(tree, folder, name));
  if (props !== undefined) readFile(state, props, folder);
  readFile(state, file, folder);
  if (targets !== undefined) readFile(state, targets, folder);
  const { sdks, properties, items, files } = state;
  return { sdks, properties, items, files };
});

/** The nearest of that name, in a folder or above it. */
export function nearest(tree: SourceTree, folder: string, name: string): string | undefined {
  for (let at: string | undefined = folder; at !== undefined; at = parentOf(at)) {
    const there = fileNamed(tree, at, name);
    if (there !== undefined) return there;
  }
  return undefined;
}

/** The file of that name, however its letters are written: those of Windows do not care. */
export function fileNamed(tree: SourceTree, folder: string, name: string): string | undefined {
  const path = join(folder, name);
  if (tree.text(path) !== undefined) return path;
  const small = name.toLowerCase();
  const found = tree
    .list(folder)
    .find((one) => one.kind === "file" && one.name.toLowerCase() === small);
  return found && join(folder, found.name);
}

export function folderOf(path: string): string {
  return path.split("/").slice(0, -1).join("/");
}

export function join(folder: string, name: string): string {
  return folder === "" ? name : name === "" ? folder : `${folder}/${name}`;
}

/** A path as people of Windows write it, from a folder; undefined where it leads out of the app's. */
export function pathFrom(folder: string, written: string): string | undefined {
  const plain = written.replaceAll("\\", "/");
  return plain.startsWith("/") || /^[a-z]:/i.test(plain)
    ? undefined
    : treePath(join(folder, plain));
}

// --- internal ---

/** An app is not trusted: files that are read for one project, and elements of one file. */
const MOST_FILES = 40;
const MOST_ELEMENTS = 5000;

/** Elements of all projects together, those of files above them counted for each. */
const effortOf = oncePer((_: SourceTree): { left: number } => ({ left: 100_000 }));

interface State {
  tree: SourceTree;
  sdks: string[];
  properties: Properties;
  items: Map<string, Item[]>;
  files: string[];
  left: number;
}

function readFile(state: State, file: string, folder: string): void {
  const text = state.tree.text(file);
  if (text === undefined || state.left-- <= 0 || state.files.includes(file)) return;
  state.files.push(file);
  const root = parsed(state.tree, file);
  state.properties.set("MSBuildThisFileDirectory", relativeTo(folder, folderOf(file)));
  const sdk = root.attributes.Sdk;
  if (sdk !== undefined) state.sdks.push(...sdk.split(";").map(sdkName));
  readChildren(state, root, { file, folder });
}

const parsed = oncePer(
  (tree: SourceTree, file: string): XmlNode => parseXmlFile(tree.text(file) ?? "", file),
);

interface Place {
  file: string;
  /** Of the project: paths start there, whichever file has them. */
  folder: string;
}

function readChildren(state: State, root: XmlNode, place: Place): void {
  for (const node of root.children.slice(0, MOST_ELEMENTS)) {
    if (!isTrue(node.attributes.Condition, state.properties)) continue;
    if (node.name === "PropertyGroup") readProperties(state, node, place);
    else if (node.name === "ItemGroup") readItems(state, node, place);
    else if (node.name === "Import") readImport(state, node, place);
    else if (node.name === "Sdk") state.sdks.push(sdkName(node.attributes.Name ?? ""));
    else if (node.name === "Choose") readChoose(state, node, place);
    else if (node.name === "ImportGroup") readChildren(state, node, place);
  }
}

function readProperties({ tree, properties }: State, group: XmlNode, { file }: Place): void {
  const effort = effortOf(tree);
  for (const { name, text, attributes, line } of group.children.slice(0, MOST_ELEMENTS)) {
    if (effort.left-- <= 0) return;
    if (isTrue(attributes.Condition, properties)) {
      properties.set(name, properties.expand(text), { file, line });
    }
  }
}

function readItems({ tree, items, properties }: State, group: XmlNode, { file }: Place): void {
  const effort = effortOf(tree);
  for (const { name, attributes, children, line } of group.children.slice(0, MOST_ELEMENTS)) {
    if (effort.left-- <= 0) return;
    const written = attributes.Include ?? attributes.Update;
    if (written === undefined || !isTrue(attributes.Condition, properties)) continue;
    const version =
      attributes.Version ?? children.find((one) => one.name === "Version")?.text ?? "";
    const all = items.get(name) ?? [];
    for (const include of properties.expand(written).split(";")) {
      if (include.trim() === "" || all.length >= MOST_ELEMENTS) continue;
      all.push({ include: include.trim(), version: properties.expand(version), file, line });
    }
    items.set(name, all);
  }
}

/** What leads to no file of the app's is of the SDK's. */
function readImport(state: State, { attributes }: XmlNode, { file, folder }: Place): void {
  if (attributes.Sdk !== undefined) {
    state.sdks.push(sdkName(attributes.Sdk));
    return;
  }
  const written = attributes.Project ?? "";
  const above = /GetPathOfFileAbove\(\s*'?"?([\w.-]+)/.exec(written)?.[1];
  const over = parentOf(folderOf(file));
  if (above !== undefined) {
    const found = over === undefined ? undefined : nearest(state.tree, over, above);
    if (found !== undefined) readFile(state, found, folder);
    return;
  }
  const own = written.replace(/\$\(MSBuildThisFileDirectory\)[\\/]?/gi, "");
  const path = pathFrom(folderOf(file), state.properties.expand(own));
  if (path !== undefined) readFile(state, path, folder);
}

function readChoose(state: State, choose: XmlNode, place: Place): void {
  const taken = choose.children.find(
    ({ name, attributes }) =>
      name === "Otherwise" || (name === "When" && isTrue(attributes.Condition, state.properties)),
  );
  if (taken !== undefined) readChildren(state, taken, place);
}

/** `Microsoft.NET.Sdk.Web/8.0.100` */
function sdkName(written: string): string {
  return written.split("/")[0]!.trim();
}

function parentOf(folder: string): string | undefined {
  return folder === "" ? undefined : folderOf(folder);
}

/** From one folder to another one, with a slash at its end. */
function relativeTo(from: string, to: string): string {
  const own = from.split("/").filter(Boolean);
  const other = to.split("/").filter(Boolean);
  let same = 0;
  while (same < own.length && own[same] === other[same]) same += 1;
  const parts = [...own.slice(same).map(() => ".."), ...other.slice(same)];
  return parts.length === 0 ? "" : `${parts.join("/")}/`;
}
