/** What runs a file: Node, bun, or a runner of TypeScript. Pure. */
import { type AppPackage, firstFile } from "./app/app-package.ts";
import type { NodeContext } from "./context.ts";
import { typescriptCommand } from "./watchers.ts";

export interface Runner {
  words: string[];
  runtime: "nodejs" | "bun";
  /** Versions of Node that can; null: any. */
  range: string | null;
}

/** The first version that runs TypeScript as it is, without a flag (nodejs.org/api/typescript.html). */
const STRIPS_TYPES = ">=22.18.0";

export function runnerOf(
  app: AppPackage,
  { manager }: Pick<NodeContext, "manager">,
  file: string,
): Runner {
  if (manager.name === "bun" || isOfBun(app)) {
    return { words: ["bun", file], runtime: "bun", range: null };
  }
  const words = typescriptCommand(file, app.dependencies);
  const isPlainTypescript = /\.[cm]?tsx?$/.test(file) && words[0] === "node";
  return { words, runtime: "nodejs", range: isPlainTypescript ? STRIPS_TYPES : null };
}

/** Whether an app is written for bun: what it says of itself, and what it has beside it. */
export function isOfBun(app: AppPackage): boolean {
  const { engines } = app.manifest.raw;
  const isAsked =
    typeof engines === "object" && engines !== null && "bun" in engines && !("node" in engines);
  return isAsked || firstFile(app, ["bunfig.toml", ".bun-version"]) !== undefined;
}
