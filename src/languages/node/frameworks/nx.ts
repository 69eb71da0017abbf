/** Projects of Nx whose build an executor does: where it puts what it builds is in project.json. */
import { posix } from "node:path";
import { parse } from "jsonc-parser";
import * as v from "valibot";
import type { AppPackage } from "../app/app-package.ts";
import { type Framework, type FrameworkOutput, origin, pathOr } from "./framework.ts";

/** Source: nx.dev, "Project Configuration", and the executors' options. */
export const nx: Framework = {
  name: "Nx",
  read(app) {
    const project = readProject(app);
    const build = project?.targets.build;
    if (project === undefined || build === undefined) return null;
    const output = outputPath(app, project.name, build.options.outputPath);
    const made = output === undefined ? null : outputOf(build, output);
    if (made === null) return null;
    const common = { from: origin(app, "project.json"), build: `nx build ${project.name}` };
    return { ...common, ...made, notStart: /^nx(\s+run\s+\S*:|\s+)(serve|dev|start)\b/ };
  },
};

// --- internal ---

const targetSchema = v.object({
  executor: v.fallback(v.string(), ""),
  options: v.fallback(v.record(v.string(), v.unknown()), {}),
});

const projectSchema = v.object({
  // It becomes a part of a command.
  name: v.pipe(v.string(), v.regex(/^[\w@][\w@./-]*$/)),
  projectType: v.optional(v.picklist(["application"]), "application"),
  targets: v.object({ build: v.optional(targetSchema) }),
});

type Target = v.InferOutput<typeof targetSchema>;

function readProject({ tree, manifest }: AppPackage) {
  const text = tree.text("project.json");
  if (text === undefined) return undefined;
  const value = parse(text) as { name?: unknown } | undefined;
  const parsed = v.safeParse(projectSchema, { ...value, name: value?.name ?? manifest.name });
  return parsed.success ? parsed.output : undefined;
}

/** Relative to the package, as other frameworks have it; Nx counts from the source. */
function outputPath({ dir }: AppPackage, name: string, value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const path = value
    .replaceAll("{projectRoot}", dir === "" ? "." : dir)
    .replaceAll("{workspaceRoot}", ".")
    .replaceAll("{projectName}", name);
  const safe = pathOr(path, "");
  return safe === "" ? undefined : pathOr(posix.relative(dir, safe), safe);
}

function outputOf(
  { executor, options }: Target,
  folder: string,
): Pick<FrameworkOutput, "site" | "server"> | null {
  const name = executor.replace(/^@(nx|nrwl)\//, "");
  const site = { folder, fallback: "index" } as const;
  if (name === "vite:build" || /^(web|react|vue):/.test(name)) return { site };
  if (name === "next:build") return { server: { line: `next start ${folder}`, port: 3000 } };
  const main = typeof options.main === "string" ? posix.basename(options.main) : "main.ts";
  const file = pathOr(main.replace(/\.([cm]?)tsx?$/, ".$1js"), "main.js");
  if (/^(webpack:webpack|rspack:rspack|rollup:rollup)$/.test(name)) {
    const isPage = options.index !== undefined || options.target === "web";
    return isPage ? { site } : { server: { line: `node ${folder}/${file}` } };
  }
  if (/^(esbuild:esbuild|node:build|node:webpack)$/.test(name))
    return { server: { line: `node ${folder}/${file}` } };
  if (/^js:(tsc|swc)$/.test(name)) return { server: { line: `node ${folder}/src/${file}` } };
  return null;
}
