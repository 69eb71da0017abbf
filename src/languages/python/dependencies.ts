/** Pure: the dependency layer of Python apps: which files installing reads. */
import { type SourceTree, subtree } from "../../source/source-tree.ts";
import { type DependencyFiles, type DependencyRule, Obstacle } from "../dependency-rule.ts";
import { type Installation, planInstallation } from "./installation.ts";
import { readPyproject } from "./manifests/pyproject.ts";
import { isRepository, localPath } from "./manifests/requirement-lines.ts";
import { packageState } from "./package-layout.ts";
import { findManifest } from "./project.ts";
import { findRequirements, namesApp, readByRequirements } from "./requirements.ts";
import { planScript } from "./script.ts";

/**
 * What a manifest or a lock has installed is written into the plan itself: of the app's files, only
 * those are read that pip reads.
 */
export const pythonRule: DependencyRule = {
  plan({ tree, member }) {
    const folder = member ?? "";
    const project = subtree(tree, folder);
    const found = findManifest(project);
    if (found === null || found.kind === "conda" || found.kind === "plain") return null;
    const inSource = (path: string) => (folder === "" ? path : `${folder}/${path}`);
    const requirements = findRequirements(project);
    if (found.kind === "requirements") {
      const files = requirements === null ? [] : readByRequirements(project, requirements);
      return files.length === 0
        ? null
        : { files: files.map(inSource), place: "below", compilesApp: false };
    }
    if (found.kind === "script") {
      const decidedBy = [found.file, `${found.file}.lock`].filter((name) => project.has(name));
      const isEmpty = planScript(found.file, project, NOWHERE).install.length === 0;
      return isEmpty ? null : { files: [], decidedBy, place: "below", compilesApp: false };
    }
    return planProject(tree, { project, member, inSource });
  },
};

/** Whether a requirement is a file, a folder or a repository: then more than its text counts. */
export function isLocalRequirement(line: string): boolean {
  const text = line.trim();
  return (
    /^(-e|--editable|-f|--find-links)\b/.test(text) ||
    isRepository(text) ||
    localPath(text) !== undefined
  );
}

// --- internal ---

const NOWHERE = { source: "/", project: "/", from: { what: "" } };

/** Build backends that compile nothing by themselves. */
const PLAIN_BACKEND = /^(poetry\.|flit_core|hatchling|pdm\.backend|uv_build|setuptools)/;

interface ProjectInput {
  project: SourceTree;
  member: string | null;
  inSource(path: string): string;
}

function planProject(
  tree: SourceTree,
  { project, member, inSource }: ProjectInput,
): DependencyFiles | null {
  const { what, files: decidedBy } = planInstallation(tree, {
    ...{ python: undefined, member, isFrozen: false },
  });
  const requirements = findRequirements(project);
  const pyproject = readPyproject(project);
  const isBuilt = packageState(project, pyproject).isPackage;
  if (what.kind === "unknown" && (isBuilt || requirements === null)) {
    throw new Obstacle(what.because);
  }
  const isBeside = requirements !== null && what.kind !== "locked";
  const isLocked = what.kind === "locked";
  if (!isLocked && requirements !== null && namesApp(project, requirements)) {
    throw new Obstacle(`${requirements} names the app itself`);
  }
  const read = isBeside ? readByRequirements(project, requirements) : [];
  const { archives, listed } = namedBy(what);
  if (listed + archives.length + read.length === 0) return null;
  const backend = pyproject?.["build-system"]?.["build-backend"] ?? "setuptools";
  return {
    files: [...read.map(inSource), ...archives],
    decidedBy: decidedBy.map(inSource),
    place: "below",
    compilesApp: isBuilt && (!PLAIN_BACKEND.test(backend) || project.has("setup.py")),
  };
}

/** Beside requirements.txt: how many packages, and which archives of the app's folder. */
function namedBy(what: Installation["what"]): { archives: readonly string[]; listed: number } {
  if (what.kind === "locked")
    return { archives: what.text.archives, listed: what.text.files.length };
  if (what.kind === "resolved")
    return { archives: what.archives, listed: what.requirements.length };
  return { archives: [], listed: 0 };
}
