/** Programs that write code which the app imports: run before it is built, where no script does so. Pure. */
import type { Origin } from "../../protocol/planned-action.ts";
import { type AppPackage, firstFile, fromRoot } from "./app/app-package.ts";
import { buildScript } from "./frameworks/framework.ts";

export interface GeneratorLine {
  /** A program of a package, by its name alone, and its arguments. */
  line: string;
  from: Origin;
}

/** Source: prisma.io/docs, "Generating Prisma Client"; from version 7 on nothing else generates it. */
export function generatorLines(app: AppPackage): GeneratorLine[] {
  if (!app.dependencies.has("prisma") || isCalled(app, /\bprisma\b.*\bgenerate\b/)) return [];
  const schema =
    firstFile(app, SCHEMAS) ??
    (app.tree.list("prisma/schema").length > 0 ? "prisma/schema" : undefined);
  if (schema === undefined) return [];
  return [{ line: "prisma generate", from: { what: fromRoot(app, schema) ?? schema } }];
}

// --- internal ---

const SCHEMAS = [
  ...["prisma/schema.prisma", "schema.prisma", "src/prisma/schema.prisma"],
  ...["prisma.config.ts", "prisma.config.js"],
];

/** Scripts that are run on the way to an image. */
const RUN = /^(pre|post)?(install|prepare|build)$/;

function isCalled(app: AppPackage, pattern: RegExp): boolean {
  const scripts = Object.entries(app.manifest.scripts).filter(([name]) => RUN.test(name));
  return [...scripts.map(([, line]) => line), buildScript(app)].some((line) => pattern.test(line));
}
