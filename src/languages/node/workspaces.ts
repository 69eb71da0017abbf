/** Workspaces of npm, pnpm, yarn and bun: which packages of the source are members. Pure. */
import type { SourceTree } from "../../source/source-tree.ts";
import { type Manifest, manifestFile, readManifest } from "./app/manifest.ts";
import { readYaml } from "./app/yaml-file.ts";
import { type FolderPatterns, folderPatterns } from "./workspace-patterns.ts";

export interface Member {
  /** Relative to the source. */
  folder: string;
  manifest: Manifest;
}

/**
 * The members of the workspace at the top of the source, in the order of their folders.
 * @throws NuaError (input) for settings that cannot be read, or patterns that take too long
 */
export function readMembers(tree: SourceTree): Member[] {
  const listed = memberPatterns(tree);
  if (listed.length === 0) return [];
  const file = tree.has(PNPM_WORKSPACE) ? PNPM_WORKSPACE : "package.json";
  const patterns = folderPatterns(listed, file);
  return findPackages(tree, patterns)
    .filter((folder) => patterns.matches(folder))
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

const PNPM_WORKSPACE = "pnpm-workspace.yaml";

/** More are not looked at: an app is not trusted. */
const MOST_PATTERNS = 1000;
const MOST_MEMBERS = 5000;
const MOST_FOLDERS = 50_000;
const MOST_LEVELS = 12;

/** `packages` of pnpm-workspace.yaml; `workspaces` of package.json, a list or `{packages: […]}`. */
function memberPatterns(tree: SourceTree): string[] {
  const listed = tree.has(PNPM_WORKSPACE)
    ? stringsOf(readYaml(tree, PNPM_WORKSPACE).packages)
    : workspacesOf(readManifest(tree));
  return listed
    .slice(0, MOST_PATTERNS)
    .map((pattern) => pattern.replace(/^(!?)(?:\.\/)+/, "$1").replace(/\/+$/, ""))
    .filter((pattern) => pattern !== "" && pattern !== "." && !pattern.includes(".."));
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
function findPackages(tree: SourceTree, patterns: FolderPatterns): string[] {
  const found: string[] = [];
  let left = MOST_FOLDERS;
  const visit = (folder: string, level: number): void => {
    for (const { name, kind } of tree.list(folder)) {
      if (kind !== "folder" || name === "node_modules" || name === ".git") continue;
      left -= 1;
      if (left < 0 || found.length >= MOST_MEMBERS) return;
      const path = folder === "" ? name : `${folder}/${name}`;
      if (!patterns.mayLeadTo(path)) continue;
      if (manifestFile(tree, path) !== null) found.push(path);
      if (level < MOST_LEVELS) visit(path, level + 1);
    }
  };
  visit("", 1);
  return found;
}
