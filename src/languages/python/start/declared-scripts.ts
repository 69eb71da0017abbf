/** Pure: start commands that the manifests of Python apps hold themselves: scripts of pdm, Pipenv and projects. */
import { parseTOML } from "confbox/toml";
import * as v from "valibot";
import { formatWords } from "../../../lib/shell-words.ts";
import type { SourceTree } from "../../../source/source-tree.ts";

export interface DeclaredScript {
  line: string;
  /** The manifest and its key. */
  what: string;
}

/** `start` of pdm's scripts or Pipenv's: what the app's people start it with. */
export function startScript(tree: SourceTree): DeclaredScript | undefined {
  const { tool } = read(projectSchema, tree.text("pyproject.toml")) ?? NOTHING;
  const ofPdm = namedLine(tool.pdm.scripts, "tool.pdm.scripts", "pyproject.toml");
  if (ofPdm !== undefined) return ofPdm;
  const pipfile = read(pipfileSchema, tree.text("Pipfile"));
  return pipfile === undefined ? undefined : namedLine(pipfile.scripts, "scripts", "Pipfile");
}

/**
 * The program that a project installs, where it is only one or its name says that it is the app.
 * Nothing where the project itself is not installed.
 */
export function projectScript(tree: SourceTree): DeclaredScript | undefined {
  const manifest = read(projectSchema, tree.text("pyproject.toml"));
  if (manifest === undefined || !isInstalled(manifest, tree)) return undefined;
  const { project, tool } = manifest;
  const ofProject = Object.keys(project?.scripts ?? {});
  const names = ofProject.length > 0 ? ofProject : Object.keys(tool.poetry.scripts);
  const key = ofProject.length > 0 ? "project.scripts" : "tool.poetry.scripts";
  const own = project?.name ?? tool.poetry.name;
  const programs = names.filter((name) => PROGRAM.test(name));
  const chosen =
    programs.length === 1
      ? programs[0]
      : [...START_NAMES, own].find((name) => name !== undefined && programs.includes(name));
  if (chosen === undefined) return undefined;
  return { line: chosen, what: `pyproject.toml: ${key}.${chosen}` };
}

// --- internal ---

/** A name of a program, that no shell would take for more. */
const PROGRAM = /^[A-Za-z0-9_][\w.-]{0,99}$/;

const START_NAMES = ["start", "serve", "server", "web", "run"];

/** What a line for a shell may be: of one line, and not longer than people write. */
const lineSchema = v.pipe(
  v.string(),
  v.trim(),
  v.minLength(1),
  v.maxLength(4096),
  v.regex(/^[^\p{Cc}]+$/u),
);

/** Source: the documentation of pdm, "PDM Scripts". */
const scriptSchema = v.union([
  lineSchema,
  v.pipe(
    v.object({
      cmd: v.union([lineSchema, v.pipe(v.array(lineSchema), v.minLength(1), v.maxLength(200))]),
    }),
    v.transform(({ cmd }) => (typeof cmd === "string" ? cmd : formatWords(cmd))),
  ),
  v.pipe(
    v.object({ shell: lineSchema }),
    v.transform(({ shell }) => shell),
  ),
  v.pipe(
    v.object({ call: v.pipe(v.string(), v.regex(/^[A-Za-z_][\w.]*:[A-Za-z_]\w*$/)) }),
    v.transform(({ call }) => {
      const [module, name] = call.split(":");
      return `python -c 'from ${module} import ${name}; ${name}()'`;
    }),
  ),
]);

const scriptsSchema = v.optional(v.fallback(v.record(v.string(), v.unknown()), {}), {});

const NOTHING = { tool: { pdm: { scripts: {} } } };

const projectSchema = v.object({
  "build-system": v.optional(v.unknown()),
  project: v.optional(
    v.fallback(v.object({ name: v.optional(v.string()), scripts: scriptsSchema }), { scripts: {} }),
  ),
  tool: v.optional(
    v.object({
      pdm: v.optional(v.fallback(v.object({ scripts: scriptsSchema }), { scripts: {} }), {}),
      poetry: v.optional(
        v.object({
          name: v.optional(v.string()),
          scripts: scriptsSchema,
          "package-mode": v.optional(v.boolean(), true),
        }),
        {},
      ),
      uv: v.optional(v.object({ package: v.optional(v.boolean()) }), {}),
    }),
    {},
  ),
});

const pipfileSchema = v.object({ scripts: scriptsSchema });

/** uv takes a project without a build system for none that is installed. */
function isInstalled(
  { tool, ...manifest }: v.InferOutput<typeof projectSchema>,
  tree: SourceTree,
): boolean {
  if (tool.uv.package !== undefined) return tool.uv.package;
  if (manifest["build-system"] === undefined && tree.has("uv.lock")) return false;
  return tool.poetry["package-mode"];
}

function namedLine(
  scripts: Readonly<Record<string, unknown>>,
  key: string,
  file: string,
): DeclaredScript | undefined {
  for (const name of ["start", "serve", "web", "server"]) {
    const found = v.safeParse(scriptSchema, scripts[name]);
    if (found.success) return { line: found.output, what: `${file}: ${key}.${name}` };
  }
  return undefined;
}

function read<S extends v.GenericSchema>(
  schema: S,
  text: string | undefined,
): v.InferOutput<S> | undefined {
  if (text === undefined) return undefined;
  try {
    const parsed = v.safeParse(schema, parseTOML(text));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
