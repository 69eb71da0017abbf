/** Angular: angular.json says where to, and whether there is a server. */
import { posix } from "node:path";
import { parse } from "jsonc-parser";
import * as v from "valibot";
import type { AppPackage } from "../app/app-package.ts";
import { buildScript, type Framework, optionOf, pathOr } from "./framework.ts";

/** Source: angular.dev/reference/configs/workspace-config, and the schemas of its builders. */
export const angular: Framework = {
  name: "Angular",
  read(app) {
    const text = app.tree.text(FILE);
    if (text === undefined || !app.dependencies.has("@angular/core")) return null;
    const found = chosenProject(app, text);
    if (found === undefined) return null;
    const { base, browser, options, isApplication } = outputOf(found.name, found.target);
    const what = app.dir === "" ? FILE : `${app.dir}/${FILE}`;
    const common = { from: { what }, build: "ng build", buildEnv: QUIET, notStart: /^ng(\s|$)/ };
    const isServed = isApplication && Boolean(options.server) && Boolean(options.ssr);
    if (isServed && options.outputMode !== "static") {
      return { ...common, server: { line: `node ${base}/server/server.mjs`, port: 4000 } };
    }
    return { ...common, site: { folder: posix.join(base, browser), fallback: "index" } };
  },
};

// --- internal ---

const FILE = "angular.json";

const QUIET = { NG_CLI_ANALYTICS: "false" };

const targetSchema = v.object({
  builder: v.fallback(v.string(), ""),
  options: v.optional(v.record(v.string(), v.unknown()), {}),
});

const targets = v.optional(v.object({ build: v.optional(targetSchema) }), {});

const workspaceSchema = v.object({
  defaultProject: v.optional(v.string()),
  projects: v.record(
    v.string(),
    v.fallback(v.object({ projectType: v.optional(v.string()), architect: targets, targets }), {
      architect: {},
      targets: {},
    }),
  ),
});

type Target = v.InferOutput<typeof targetSchema>;

/** The one that the build names, the default, the one of the app's name, or else the first. */
function chosenProject(
  app: AppPackage,
  text: string,
): { name: string; target: Target } | undefined {
  const parsed = v.safeParse(workspaceSchema, parse(text));
  if (!parsed.success) return undefined;
  const { projects, defaultProject } = parsed.output;
  const found = Object.entries(projects).flatMap(([name, { projectType, architect, targets }]) => {
    const target = architect.build ?? targets.build;
    return target === undefined || projectType === "library" ? [] : [{ name, target }];
  });
  const named = /\bng build\s+(?!-)([\w@/-]+)/.exec(buildScript(app))?.[1];
  const wanted = [
    named,
    optionOf(buildScript(app), /\bng build\b/, "--project"),
    defaultProject,
    app.manifest.name,
  ];
  return wanted.flatMap((one) => found.filter(({ name }) => name === one))[0] ?? found[0];
}

function outputOf(name: string, { builder, options }: Target) {
  const isApplication =
    /:(application|browser-esbuild-application)$/.test(builder) ||
    typeof options.browser === "string";
  const written = options.outputPath;
  const path =
    typeof written === "string"
      ? { base: written }
      : (written as { base?: unknown; browser?: unknown } | undefined);
  const base = pathOr(path?.base, pathOr(`dist/${name}`, "dist"));
  const folder = path?.browser === "" ? "" : pathOr(path?.browser, "browser");
  return { base, browser: isApplication ? folder : "", options, isApplication };
}
