/**
 * What the plan has to know about an app's folder. These are a few small files, one after the
 * other: handing each to another thread would take longer than reading it.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import type { LoadedConfig } from "../config/load-config.ts";
import type { FolderFacts } from "../plan/build-plan.ts";
import { includedRequirements } from "../plan/dependencies/python.ts";
import type { SourceFacts } from "../plan/dependencies/rule.ts";
import { MANIFESTS } from "../plan/dependencies/rules.ts";

/** Reads what {@link FolderFacts} says. */
export function readFolderFacts(loaded: LoadedConfig): FolderFacts {
  const dockerfiles: Record<string, string> = {};
  for (const path of ["nua/Dockerfile", "Dockerfile"]) {
    const text = readText(join(loaded.root, path));
    if (text !== undefined) dockerfiles[path] = text;
  }
  const sourceFolder = findSourceFolder(loaded);
  const dir = localSource(loaded, sourceFolder);
  return {
    configFile: relative(loaded.root, loaded.file),
    dockerfiles,
    sourceFolder,
    source: dir === null ? null : readSourceFacts(join(loaded.root, dir)),
    hasBuildScript: BUILD_SCRIPTS.some((name) => existsSync(join(loaded.root, name))),
  };
}

// --- internal ---

/** Where the agent looks for a build script when none is named. */
const BUILD_SCRIPTS = ["nua/build.py", "build.py"];

/** The folder of the source, relative to the app's; null when it comes from elsewhere. */
function localSource({ fields }: LoadedConfig, sourceFolder: string | null): string | null {
  const { srcUrl, project, gitUrl } = fields;
  if (srcUrl !== "") return sourceFolder;
  if (project !== "") return /^https?:/.test(project) ? null : project;
  return gitUrl === "" ? "." : null;
}

/** Larger files are no manifests that a person or a package manager writes. */
const MAX_MANIFEST_BYTES = 16 * 1024 * 1024;

function readSourceFacts(folder: string): SourceFacts {
  const names = namesIn(folder).sort();
  const texts: Record<string, string> = {};
  const wanted = new Set(names.filter((name) => MANIFESTS.has(name)));
  // It grows while it is gone through.
  for (const name of wanted) {
    const file = join(folder, name);
    const info = statSync(file, { throwIfNoEntry: false });
    if (!info?.isFile() || info.size > MAX_MANIFEST_BYTES) continue;
    const text = readText(file);
    if (text === undefined) continue;
    texts[name] = text;
    for (const included of name.endsWith(".txt") ? includedRequirements(text) : []) {
      if (names.includes(included)) wanted.add(included);
    }
  }
  return { names, texts };
}

/** Undefined for what is missing or may not be read. */
function readText(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** build.src-url may name a folder of the app's own, as build.project does. */
function findSourceFolder({ root, fields }: LoadedConfig): string | null {
  const { srcUrl } = fields;
  if (srcUrl === "" || srcUrl.includes("://")) return null;
  const inside = relative(root, resolve(root, srcUrl));
  if (inside.startsWith("..")) return null;
  const info = statSync(join(root, inside), { throwIfNoEntry: false });
  return info?.isDirectory() ? inside || "." : null;
}
