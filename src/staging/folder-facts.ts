/** What the plan has to know about an app's folder. */
import { access, readdir, readFile, stat } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import type { LoadedConfig } from "../config/load-config.ts";
import type { FolderFacts } from "../plan/build-plan.ts";
import { includedRequirements } from "../plan/dependencies/python.ts";
import type { SourceFacts } from "../plan/dependencies/rule.ts";
import { MANIFESTS } from "../plan/dependencies/rules.ts";

/** Reads what {@link FolderFacts} says. */
export async function readFolderFacts(loaded: LoadedConfig): Promise<FolderFacts> {
  const dockerfiles: Record<string, string> = {};
  for (const path of ["nua/Dockerfile", "Dockerfile"]) {
    const text = await readFile(join(loaded.root, path), "utf8").catch(() => undefined);
    if (text !== undefined) dockerfiles[path] = text;
  }
  const sourceFolder = await findSourceFolder(loaded);
  const dir = localSource(loaded, sourceFolder);
  return {
    configFile: relative(loaded.root, loaded.file),
    dockerfiles,
    sourceFolder,
    source: dir === null ? null : await readSourceFacts(join(loaded.root, dir)),
    hasBuildScript: await existsAny(BUILD_SCRIPTS.map((name) => join(loaded.root, name))),
  };
}

/** Whether there is a file or folder that may be looked at. */
export function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
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

async function readSourceFacts(folder: string): Promise<SourceFacts> {
  const names = (await readdir(folder).catch(() => [])).sort();
  const texts: Record<string, string> = {};
  const wanted = new Set(names.filter((name) => MANIFESTS.has(name)));
  // It grows while it is gone through.
  for (const name of wanted) {
    const file = join(folder, name);
    const info = await stat(file).catch(() => undefined);
    if (!info?.isFile() || info.size > MAX_MANIFEST_BYTES) continue;
    const text = await readFile(file, "utf8").catch(() => undefined);
    if (text === undefined) continue;
    texts[name] = text;
    for (const included of name.endsWith(".txt") ? includedRequirements(text) : []) {
      if (names.includes(included)) wanted.add(included);
    }
  }
  return { names, texts };
}

async function existsAny(paths: readonly string[]): Promise<boolean> {
  return (await Promise.all(paths.map(exists))).some((isThere) => isThere);
}

/** build.src-url may name a folder of the app's own, as build.project does. */
async function findSourceFolder({ root, fields }: LoadedConfig): Promise<string | null> {
  const { srcUrl } = fields;
  if (srcUrl === "" || srcUrl.includes("://")) return null;
  const inside = relative(root, resolve(root, srcUrl));
  if (inside.startsWith("..")) return null;
  const info = await stat(join(root, inside)).catch(() => undefined);
  return info?.isDirectory() ? inside || "." : null;
}
