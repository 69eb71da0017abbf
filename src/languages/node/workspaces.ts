/** Workspaces of npm, pnpm, yarn and bun: which packages of the source are members. Pure. */
import { parseYAML } from "confbox/yaml";
import { matchesGlob, parseGlob } from "../../lib/glob.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import { type Manifest, manifestFile, readManifest } from "./app/manifest.ts";

export interface Member {
  /** Relative to the source. */
  folder: string;
  manifest: Manifest;
}

/** The members of the workspace at the top of the source, in the order of their folders. */
export function readMembers(tree: SourceTree): Member[] {
  const patterns = memberPatterns(tree);
  if (patterns.length === 0) return [];
  const wanted = patterns.filter((one) => !one.startsWith("!"));
  const refused = patterns.filter((one) => one.startsWith("!")).map((one) => one.slice(1));
  return findPackages(tree, wanted)
    .filter((folder) => matchesOne(folder, wanted) && !matchesOne(folder, refused))
    .map((folder) => ({ folder, manifest: readManifest(tree, folder) }));
}

/** The members that one depends on, itself last: each after those that it needs. */
export function withDependencies(member: Member, members: readonly Member[]): Member[] {
  const byName = new Map(members.map((one) => [one.manifest.name, one]));
  const order: Member[] = [];
  const seen = new Set<Member>();
  const visit = (one: Member): void => {
    if (seen.has(one)) return;
    seen.add(one);
    const { dependencies, devDependencies, optionalDependencies } = one.manifest;
    for (const name of Object.keys({
      ...dependencies,
      ...devDependencies,
      ...optionalDependencies,
    })) {
      const found = byName.get(name);
      if (found !== undefined) visit(found);
    }
    order.push(one);
  };
  visit(member);
  return order;
}

// --- internal ---

/** More are not looked at: an app is not trusted. */
const MOST_PATTERNS = 1000;
const MOST_MEMBERS = 5000;
const MOST_FOLDERS = 50_000;
const MOST_LEVELS = 12;

/** `packages` of pnpm-workspace.yaml; `workspaces` of package.json, a list or `{packages: […]}`. */
function memberPatterns(tree: SourceTree): string[] {
  const ofPnpm = tree.text("pnpm-workspace.yaml");
  const listed = ofPnpm === undefined ? workspacesOf(readManifest(tree)) : packagesOf(ofPnpm);
  return listed
    .slice(0, MOST_PATTERNS)
    .map((pattern) => pattern.replace(/^(!?)(?:\.\/)+/, "$1").replace(/\/+$/, ""))
    .filter((pattern) => pattern !== "" && pattern !== "." && !pattern.includes(".."));
}

function packagesOf(text: string): string[] {
  try {
    return stringsOf((parseYAML(text) as { packages?: unknown } | null)?.packages);
  } catch {
    return [];
  }
}

function workspacesOf({ raw }: Manifest): string[] {
  const { workspaces } = raw;
  if (Array.isArray(workspaces)) return stringsOf(workspaces);
  return stringsOf((workspaces as { packages?: unknown } | null | undefined)?.packages);
}

function stringsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
}

/** Folders with a manifest, no deeper than a pattern looks. */
function findPackages(tree: SourceTree, patterns: readonly string[]): string[] {
  const found: string[] = [];
  let left = MOST_FOLDERS;
  const visit = (folder: string, level: number): void => {
    for (const { name, kind } of tree.list(folder)) {
      if (kind !== "folder" || name === "node_modules" || name === ".git") continue;
      left -= 1;
      if (left < 0 || found.length >= MOST_MEMBERS) return;
      const path = folder === "" ? name : `${folder}/${name}`;
      if (!patterns.some((pattern) => mayLeadTo(path, pattern))) continue;
      if (manifestFile(tree, path) !== null) found.push(path);
      if (level < MOST_LEVELS) visit(path, level + 1);
    }
  };
  visit("", 1);
  return found;
}

/** Whether a folder is, or may hold, what a pattern means. */
function mayLeadTo(path: string, pattern: string): boolean {
  const wanted = pattern.split("/");
  const names = path.split("/");
  const wide = wanted.indexOf("**");
  const fixed = wide < 0 ? wanted : wanted.slice(0, wide);
  if (wide < 0 && names.length > wanted.length) return false;
  return names.slice(0, fixed.length).every((name, at) => matchesOne(name, [fixed[at]!]));
}

function matchesOne(path: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    const glob = parseGlob(pattern);
    try {
      return glob !== undefined && matchesGlob(glob, path, { left: 100_000 });
    } catch {
      return false;
    }
  });
}
