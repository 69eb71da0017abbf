/**
 * What the plan has to know about an app's folder. These are a few small files, one after the
 * other: handing each to another thread would take longer than reading it.
 */
import { existsSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import type { LoadedConfig } from "../config/loaded-config.ts";
import type { SourceFacts } from "../languages/dependency-rule.ts";
import { MANIFESTS } from "../languages/dependency-rules.ts";
import { includedRequirements } from "../languages/python/dependencies.ts";
import { namesIn } from "../lib/byte-path.ts";
import type { FolderFacts } from "../plan/build-plan.ts";
import { APP_FILE_BYTES, readAppFile, resolveInApp } from "../source/app-file.ts";

/** Reads what {@link FolderFacts} says. */
export function readFolderFacts(loaded: LoadedConfig): FolderFacts {
  const dockerfiles: Record<string, string> = {};
  for (const path of ["nua/Dockerfile", "Dockerfile"]) {
    const text = readAppFile(loaded.root, path, DOCKERFILE_BYTES);
    if (text !== undefined) dockerfiles[path] = text;
  }
  const sourceFolder = findSourceFolder(loaded);
  const dir = localSource(loaded, sourceFolder);
  return {
    configFile: relative(loaded.root, loaded.file),
    dockerfiles,
    sourceFolder,
    source: dir === null ? null : readSourceFacts(loaded.root, dir),
    hasBuildScript: BUILD_SCRIPTS.some((name) => existsSync(join(loaded.root, name))),
  };
}

// --- internal ---

/** No builder takes lines that are long, and no person writes as many. */
const DOCKERFILE_BYTES = 1024 * 1024;

/** Where the agent looks for a build script when none is named. */
const BUILD_SCRIPTS = ["nua/build.py", "build.py"];

/** The folder of the source, relative to the app's; null when it comes from elsewhere. */
function localSource({ fields }: LoadedConfig, sourceFolder: string | null): string | null {
  const { srcUrl, project, gitUrl } = fields;
  if (srcUrl !== "") return sourceFolder;
  if (project !== "") return /^https?:/.test(project) ? null : project;
  return gitUrl === "" ? "." : null;
}

function readSourceFacts(root: string, dir: string): SourceFacts {
  const names = listNames(root, dir).sort();
  const texts: Record<string, string> = {};
  const wanted = new Set(names.filter((name) => MANIFESTS.has(name)));
  let left = MANIFEST_CHARACTERS;
  // It grows while it is gone through.
  for (const name of wanted) {
    const text = readManifest(root, join(dir, name));
    if (text === undefined || text.length > left) continue;
    left -= text.length;
    texts[name] = text;
    for (const included of name.endsWith(".txt") ? includedRequirements(text) : []) {
      if (names.includes(included)) wanted.add(included);
    }
  }
  return { names, texts };
}

/** Of all of them together: as many may be included as there are files. What is beyond is not read. */
const MANIFEST_CHARACTERS = 4 * APP_FILE_BYTES;

/** Undefined for what is no file of the app's that a person or a package manager has written. */
function readManifest(root: string, path: string): string | undefined {
  try {
    return readAppFile(root, path);
  } catch {
    // Whoever stages it tells what is wrong with it.
    return undefined;
  }
}

function listNames(root: string, dir: string): string[] {
  try {
    const folder = resolveInApp(root, dir);
    return folder === undefined ? [] : namesIn(folder);
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
  const place = resolveInApp(root, inside || ".");
  return place !== undefined && statSync(place).isDirectory() ? inside || "." : null;
}
