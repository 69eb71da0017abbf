/** Pure: the requirements files of an app: which one is meant, and what installing it reads. */
import { posix } from "node:path";
import { hideCredentials } from "../../lib/secrets.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import { Obstacle } from "../dependency-rule.ts";
import { rejectConflict } from "../merge-conflict.ts";
import { fileError } from "./manifests/read-file.ts";
import { readRequirement } from "./manifests/requirement.ts";
import {
  includedFile,
  isRepository,
  localPath,
  requirementFiles,
} from "./manifests/requirement-lines.ts";

/** The first of these that there is. */
const NAMES = [
  ...["requirements.txt", "requirements/production.txt", "requirements/prod.txt"],
  ...["requirements/base.txt", "requirements/common.txt", "requirements/main.txt"],
  ...["requirements/requirements.txt", "requirements.in"],
];

/** The file that an app's requirements are in; null where it has none. */
export function findRequirements(tree: SourceTree): string | null {
  return NAMES.find((name) => tree.text(name) !== undefined) ?? null;
}

/**
 * Files that it includes and that are not there, in words: commands of the build may make them.
 * @throws NuaError (input) for a line that pip would refuse
 */
export function missingFiles(tree: SourceTree, top: string): string[] {
  const missing: string[] = [];
  for (const { name, lines } of requirementFiles(tree, top)) {
    rejectConflict(name, tree.text(name) ?? "");
    for (const { text, line } of lines) {
      const included = includedFile(text);
      const path = included && posix.normalize(posix.join(posix.dirname(name), included));
      // What stands for something in the environment is known to pip alone.
      if (text.includes("$") || included?.includes("://")) continue;
      if (path !== undefined && !path.startsWith("..") && !tree.has(path)) {
        missing.push(`${name}:${line} names "${included}", which is not there`);
      } else if (isNonsense(text)) {
        const hint = 'write it as "name>=1.0" or "name @ address"';
        throw fileError(name, `"${hideCredentials(text)}" is no requirement`, { line, hint });
      }
    }
  }
  return missing;
}

/** Whether one of its lines is the app itself: its folder, with or without extras. */
export function namesApp(tree: SourceTree, file: string): boolean {
  return linesOf(tree, file).some(({ text }) => isTop(localPath(text)));
}

/** Whether installing it clones repositories. */
export function namesRepository(tree: SourceTree, file: string): boolean {
  return linesOf(tree, file).some(({ text }) => isRepository(text));
}

/** The packages of an index that it names. */
export function namedPackages(tree: SourceTree, file: string): { name: string; text: string }[] {
  return linesOf(tree, file).flatMap(({ text }) => {
    const plain = text.replace(/\s--hash=\S+/g, "").trim();
    const name = readRequirement(plain)?.name;
    return name === undefined ? [] : [{ name, text: plain }];
  });
}

/**
 * The files and folders that installing it reads.
 * @throws Obstacle where that is more than they, or not known
 */
export function readByRequirements(tree: SourceTree, file: string): string[] {
  const files = requirementFiles(tree, file);
  const missing = files.find(({ name }) => tree.text(name) === undefined);
  if (missing !== undefined) throw new Obstacle(`${missing.name} is not in the source`);
  const looked = new Map<string, boolean>();
  const linked = (folder: string) => {
    const known = looked.get(folder) ?? hasLinks(tree, folder, DEEPEST);
    looked.set(folder, known);
    return known;
  };
  const local = files.flatMap(({ name, lines }) =>
    lines.flatMap(({ text }) => readBy(tree, { file: name, line: text, linked })),
  );
  return [...new Set([...files.map(({ name }) => name), ...local])];
}

// --- internal ---

/** Neither an option, a path or an address, nor the name of a package with its versions. */
function isNonsense(line: string): boolean {
  const text = line.replace(/\s--\w.*$/, "").trim();
  if (text === "" || /^-|[/\\@]|\.(whl|zip|tar|tgz)\b/.test(text)) return false;
  return readRequirement(text) === null;
}

function linesOf(tree: SourceTree, file: string): { text: string }[] {
  return requirementFiles(tree, file).flatMap(({ lines }) => lines);
}

function isTop(path: string | undefined): boolean {
  return path !== undefined && posix.normalize(`${path}/`) === "./";
}

interface Line {
  file: string;
  line: string;
  /** Whether a folder holds links: it may be named by any number of lines. */
  linked(folder: string): boolean;
}

/** What a line reads of the source, besides the file that it is in. */
function readBy(tree: SourceTree, { file, line, linked }: Line): string[] {
  const obstacle = () => new Obstacle(`${file} names "${hideCredentials(line)}"`);
  if (/^(-f|--find-links)\b/.test(line) && !line.includes("://")) throw obstacle();
  if (isRepository(line) && !/@[0-9a-f]{40}(#|\s|$)/.test(line)) throw obstacle();
  const path = localPath(line);
  if (path === undefined) return [];
  const normal = posix.normalize(path).replace(/\/$/, "");
  const isOutside = normal.startsWith("/") || normal.startsWith("..") || normal === ".";
  // What is installed as editable stays where it is: in the app's own layer.
  if (/^(-e|--editable)/.test(line) || isOutside || !tree.has(normal)) throw obstacle();
  if (linked(normal)) throw obstacle();
  return [normal];
}

const DEEPEST = 16;

/** A link may lead to what is not in the folder. */
function hasLinks(tree: SourceTree, folder: string, levels: number): boolean {
  return tree.list(folder).some(({ name, kind }) => {
    if (kind === "link" || levels === 0) return true;
    return kind === "folder" && hasLinks(tree, `${folder}/${name}`, levels - 1);
  });
}
