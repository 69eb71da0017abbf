/** Pure: the dependency layer of Python apps: which files installing reads. */
import { parseTOML } from "confbox";
import * as v from "valibot";
import { hideCredentials } from "../../lib/secrets.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import {
  type DependencyFiles,
  type DependencyRule,
  Obstacle,
  present,
} from "../dependency-rule.ts";

const REQUIREMENTS = "requirements.txt";
const LOCKS = ["poetry.lock", "uv.lock", "pdm.lock"];

/** Build backends that compile nothing by themselves. */
const PLAIN_BACKEND = /^(poetry\.|flit_core|hatchling|pdm\.backend|uv_build|setuptools)/;

const projectSchema = v.object({
  "build-system": v.optional(v.object({ "build-backend": v.optional(v.string()) }), {}),
  project: v.optional(
    v.object({
      dependencies: v.optional(v.array(v.string())),
      dynamic: v.optional(v.array(v.string()), []),
    }),
  ),
  tool: v.optional(
    v.object({
      poetry: v.optional(
        v.object({ dependencies: v.optional(v.record(v.string(), v.unknown()), {}) }),
      ),
    }),
    {},
  ),
});

export const pythonRule: DependencyRule = {
  plan({ tree }) {
    const project = planProject(tree);
    const requirements = tree.has(REQUIREMENTS) ? requirementFiles(REQUIREMENTS, tree) : [];
    const files = [...new Set([...requirements, ...(project?.files ?? [])])];
    if (files.length === 0) return null;
    return { files, place: "below", compilesApp: project?.compilesApp ?? false };
  },
};

/** The files that a requirements file includes, by name relative to it. */
export function includedRequirements(text: string): string[] {
  const flags = /^[^\S\n]*(?:-r|-c|--requirement|--constraint)(?:[^\S\n]+|=)?(\S+)/gm;
  return [...text.matchAll(flags)].map(([, name = ""]) => name);
}

/** Whether a requirement is a file, a folder or a repository: then more than its text counts. */
export function isLocalRequirement(line: string): boolean {
  const text = line.trim();
  return (
    /^(-e|--editable|-f|--find-links)\b/.test(text) ||
    /^(\.|\/|file:)/.test(text) ||
    /(^|@\s*)(git|hg|svn|bzr)\+/.test(text) ||
    /@\s*(file:|\.|\/)/.test(text) ||
    (!text.includes("://") && /\.(whl|zip|tar\.\w+)$/.test(text))
  );
}

// --- internal ---

/** The requirements file itself and those that it includes. */
function requirementFiles(name: string, tree: SourceTree): string[] {
  const found = new Set<string>();
  const visit = (file: string) => {
    if (found.has(file)) return;
    const text = file.includes("/") ? undefined : tree.text(file);
    if (text === undefined) throw new Obstacle(`${file} is not at the top of the source`);
    found.add(file);
    const local = text.split("\n").find(isLocalRequirement);
    if (local !== undefined) throw new Obstacle(`${file} names "${hideCredentials(local.trim())}"`);
    for (const included of includedRequirements(text)) visit(included);
  };
  visit(name);
  return [...found];
}

/** Null when no project is there to be built, or it depends on nothing. */
function planProject(tree: SourceTree): Omit<DependencyFiles, "place"> | null {
  const settings = parseProject(tree.text("pyproject.toml"));
  const isProject = settings.project !== undefined || settings.tool.poetry !== undefined;
  if (tree.has("setup.py")) throw new Obstacle("setup.py says what it needs when it is run");
  if (!isProject) {
    // The table [build-system] alone, or setup.cfg.
    if (!/^\[(metadata|options)\]/m.test(tree.text("setup.cfg") ?? "")) return null;
    throw new Obstacle("setup.cfg is read by setuptools only");
  }
  if (settings.project?.dynamic.includes("dependencies")) {
    throw new Obstacle("the dependencies in pyproject.toml are dynamic");
  }
  const backend = settings["build-system"]["build-backend"] ?? "setuptools";
  const compilesApp = !PLAIN_BACKEND.test(backend);
  const files = hasDependencies(settings) ? present(["pyproject.toml", ...LOCKS], tree) : [];
  return { files, compilesApp };
}

function hasDependencies({ project, tool }: v.InferOutput<typeof projectSchema>): boolean {
  const listed = project?.dependencies ?? [];
  const local = listed.find(isLocalRequirement);
  if (local !== undefined) throw new Obstacle(`pyproject.toml names "${hideCredentials(local)}"`);
  const poetry = Object.entries(project === undefined ? (tool.poetry?.dependencies ?? {}) : {});
  const inside = poetry.find(([, value]) => /"(path|git|url|file)":/.test(JSON.stringify(value)));
  if (inside !== undefined) throw new Obstacle(`pyproject.toml has no version of ${inside[0]}`);
  return listed.length > 0 || poetry.some(([name]) => name !== "python");
}

function parseProject(text = ""): v.InferOutput<typeof projectSchema> {
  try {
    return v.parse(projectSchema, parseTOML(text));
  } catch {
    throw new Obstacle("pyproject.toml cannot be read");
  }
}
