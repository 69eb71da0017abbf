/** Pure: what a project declares, with what the projects of its folder that it needs declare. */
import { posix } from "node:path";
import { type SourceTree, subtree } from "../../source/source-tree.ts";
import { Obstacle } from "../dependency-rule.ts";
import { isProject, PYPROJECT, type Pyproject, readPyproject } from "./manifests/pyproject.ts";
import { fileError } from "./manifests/read-file.ts";
import type { Declared } from "./manifests/requirement.ts";
import { workspaceMembers } from "./manifests/workspace.ts";
import { readDeclared } from "./package-managers/declared.ts";
import { PIPFILE, pipfileDeclared, readPipfile } from "./package-managers/pipfile.ts";

/** What a project has installed, and of what of its folder that is made. */
export interface Collected {
  /** What the project itself declares. */
  own: readonly Declared[];
  files: readonly string[];
  /** That, and what the projects of its folder declare that it needs; without those. */
  requirements: readonly Declared[];
  folders: readonly string[];
  archives: readonly string[];
}

/**
 * @returns an obstacle where it cannot be known without a build
 * @throws NuaError (input) for a manifest that is broken, or names a project outside of the app
 */
export function collectDeclared(
  project: SourceTree,
  place: { workspace: SourceTree; folder: string },
): Collected | Obstacle {
  try {
    return collect(project, place);
  } catch (error) {
    if (error instanceof Obstacle) return error;
    throw error;
  }
}

/** A Pipfile counts where pyproject.toml declares nothing. */
export function usedPipfile(project: SourceTree, pyproject: Pyproject | undefined) {
  const isDeclared = pyproject !== undefined && isProject(pyproject);
  return isDeclared ? undefined : readPipfile(project);
}

// --- internal ---

function collect(
  project: SourceTree,
  { workspace, folder }: { workspace: SourceTree; folder: string },
): Collected {
  const { files, all } = declaredBy(project, { workspace, folder });
  const folders: string[] = [];
  const archives: string[] = [];
  const requirements: Declared[] = [];
  const visit = (declared: readonly Declared[], base: string) => {
    for (const one of declared) {
      if (one.path === null) {
        requirements.push(one);
        continue;
      }
      const path = posix.normalize(posix.join(base, one.path)).replace(/\/$/, "");
      if (/\.(whl|zip|tar\.\w+|tgz)$/.test(path)) archives.push(path);
      else if (!folders.includes(path) && path !== ".") {
        folders.push(path);
        const inner = folderOf(project, workspace, folder, path);
        const place = { tree: workspace, folder: posix.join(folder, path) };
        visit(readDeclared(inner, { workspace: place }).all, path);
      }
    }
  };
  visit(all, "");
  return { own: all, files, requirements, folders, archives };
}

/** Where it is above the project, it is in the workspace. */
function folderOf(
  project: SourceTree,
  workspace: SourceTree,
  folder: string,
  path: string,
): SourceTree {
  const outer = posix.normalize(posix.join(folder, path));
  const isInside = !path.startsWith("../") && !path.startsWith("/");
  const found = isInside ? subtree(project, path) : subtree(workspace, outer);
  if (outer.startsWith("../") || path.startsWith("/") || found.list("").length === 0) {
    throw fileError(PYPROJECT, `the project at "${path}" is not in the app's folder`, {
      hint: "build the folder that holds both, and name the app's with build.app",
    });
  }
  return found;
}

function declaredBy(
  project: SourceTree,
  place: { workspace: SourceTree; folder: string },
): { files: readonly string[]; all: readonly Declared[] } {
  const pyproject = readPyproject(project);
  const pipfile = usedPipfile(project, pyproject);
  if (pipfile !== undefined) return { files: [PIPFILE], all: pipfileDeclared(pipfile, project) };
  const workspace = { tree: place.workspace, folder: place.folder };
  const found = readDeclared(project, { workspace });
  const isBare =
    pyproject !== undefined && pyproject.project === undefined && found.all.length === 0;
  if (!isBare || pyproject.tool.uv?.workspace === undefined) return found;
  // A workspace without a project at its top is all of its members.
  const members = workspaceMembers(project).map(
    (path): Declared => ({
      requirement: { name: path, extras: [], range: "", url: null, marker: "" },
      ...{ path, index: null },
    }),
  );
  return { files: found.files, all: members };
}
