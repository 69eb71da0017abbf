/** What builds an app: its script, a framework's own command, or the tool of its workspace. Pure. */
import { parseYAML } from "confbox/yaml";
import type { Origin } from "../../protocol/planned-action.ts";
import { generatorLines } from "./generators.ts";
import type { NodeOutput } from "./output.ts";
import type { NodeProject } from "./project.ts";
import type { Step } from "./step.ts";
import { type Member, withDependencies } from "./workspaces.ts";

export function buildSteps(project: NodeProject, output: NodeOutput): Step[] {
  const { app, member, members } = project;
  const hasScript = app.manifest.scripts.build !== undefined;
  const own = ownBuild(project, output);
  if (member === null) return own;
  const byTool = toolSteps(project, member);
  if (byTool !== null && hasScript) return byTool;
  const before = withDependencies(member, members)
    .filter((one) => one !== member && one.manifest.scripts.build !== undefined)
    .map(({ folder, manifest }) => runScript(project, folder, "build", manifest.file));
  return [...before, ...own];
}

/** A line whose programs are those of dependencies, in a package of the source. */
export function programs({ commands }: NodeProject, line: string, dir: string): Step {
  // With Plug'n'Play there is no folder of programs.
  if (commands.pnp) return { argv: [...commands.run, ...line.split(/\s+/)], dir };
  const folders = ["", ...parentsOf(dir)].map((up) => `"$PWD"/${up}node_modules/.bin`);
  return { argv: ["bash", "-c", `PATH=${folders.join(":")}:"$PATH"; ${line}`], dir, isNodes: true };
}

// --- internal ---

/** What the script is called, the first that there is, where there is no "build". */
const OTHER_NAMES = [
  ...["build:prod", "build:production", "build-prod", "build:all", "build:app"],
  ...["build:frontend", "build:front-end", "build:client", "build:ui", "build:web"],
  ...["build-frontend", "build-client", "build-ui", "build-web"],
];

function ownBuild(project: NodeProject, output: NodeOutput): Step[] {
  const { app } = project;
  const { scripts, file } = app.manifest;
  const inApp = ({ line, from }: { line: string; from: Origin }): Step => ({
    ...programs(project, line, app.dir),
    from,
  });
  const generated = generatorLines(app).map(inApp);
  const other = output.build === null ? OTHER_NAMES.find((name) => scripts[name]) : undefined;
  const name = scripts.build === undefined ? other : "build";
  if (name !== undefined) return [...generated, runScript(project, app.dir, name, file)];
  return [...generated, ...(output.build === null ? [] : [inApp(output.build)])];
}

/** "packages/a" -> "../", "../../" */
function parentsOf(dir: string): string[] {
  const names = dir.split("/").filter((name) => name !== "");
  return names.map((_, index) => "../".repeat(index + 1));
}

export function runScript(
  { commands }: NodeProject,
  dir: string,
  name: string,
  file: string | null,
): Step {
  return { argv: [...commands.run, name], dir, from: { what: file ?? "package.json" } };
}

/** Turborepo, Nx and moon build what a member needs themselves, in their own order. */
function toolSteps(project: NodeProject, member: Member): Step[] | null {
  const { tree, packages, commands } = project;
  const { dependencies, devDependencies } = packages[0]!.manifest;
  const has = (name: string) => name in dependencies || name in devDependencies;
  const { name } = member.manifest;
  if (tree.has("turbo.json") && has("turbo") && name !== undefined) {
    const argv = [...commands.exec, "turbo", "run", "build", `--filter=${name}`];
    return [{ argv, env: { TURBO_TELEMETRY_DISABLED: "1" }, from: { what: "turbo.json" } }];
  }
  if (tree.has("nx.json") && has("nx")) {
    const argv = [...commands.exec, "nx", "run", `${nxName(project, member)}:build`];
    return [{ argv, env: { NX_DAEMON: "false" }, from: { what: "nx.json" } }];
  }
  if (tree.has(".moon/workspace.yml") && has("@moonrepo/cli")) {
    const argv = [...commands.exec, "moon", "run", `${moonName(project, member)}:build`];
    return [{ argv, from: { what: ".moon/workspace.yml" } }];
  }
  return null;
}

/** nx.dev/reference/project-configuration: project.json, then `nx` of package.json, then its name */
function nxName({ tree }: NodeProject, { folder, manifest }: Member): string {
  const named = /"name":\s*"([\w@/.-]+)"/.exec(tree.text(`${folder}/project.json`) ?? "")?.[1];
  const { nx } = manifest.raw;
  const inner = typeof nx === "object" && nx !== null && "name" in nx ? nx.name : undefined;
  return named ?? (typeof inner === "string" ? inner : (manifest.name ?? basename(folder)));
}

/** moonrepo.dev/docs/config/workspace#projects: a map of names, else the folder's */
function moonName({ tree }: NodeProject, { folder }: Member): string {
  try {
    const parsed = parseYAML(tree.text(".moon/workspace.yml") ?? "") as { projects?: unknown };
    const { projects } = parsed ?? {};
    const sources = (projects as { sources?: unknown } | undefined)?.sources ?? projects;
    if (typeof sources === "object" && sources !== null && !Array.isArray(sources)) {
      const found = Object.entries(sources).find(([, path]) => path === folder);
      if (found !== undefined) return found[0];
    }
  } catch {
    // It is moon's to complain about.
  }
  return basename(folder);
}

function basename(folder: string): string {
  return folder.slice(folder.lastIndexOf("/") + 1);
}
