/** What is done to install and build an app: one step after the other. Pure. */
import type { Origin } from "../../protocol/planned-action.ts";
import type { LanguageOptions } from "../language.ts";
import { fetchManager } from "./fetch-manager.ts";
import type { Line } from "./managers/manager.ts";
import type { NodeProject } from "./project.ts";

export interface Step extends Line {
  /** Value of NODE_ENV; absent: it does not matter. */
  mode?: "production" | "development";
  /** Relative to the source. */
  dir?: string;
  from?: Origin;
}

/**
 * With a script "build": everything is installed, and what only the build needs removed again.
 * In a layer below the app's nothing can be removed later, so there only goes what stays.
 */
export function workOf(
  project: NodeProject,
  { place }: Pick<LanguageOptions, "place">,
): { install: Step[]; build: Step[] } {
  const { app, chosen, commands } = project;
  const isBuilt = app.manifest.scripts.build !== undefined;
  const isPruned = isBuilt && place !== "below";
  const fetched = fetchManager(chosen);
  const managed = (lines: readonly Line[], mode: Step["mode"]): Step[] => [
    ...commands.before,
    ...lines.map((line) => ({ ...line, ...(mode === undefined ? {} : { mode }) })),
    ...commands.after,
    CLEAN,
  ];
  const build: Line[] = isBuilt ? [{ argv: [...commands.run, "build"] }] : [];
  const prune = isPruned ? commands.prune : [];
  const later = [...build, ...prune];
  return {
    install: [
      ...fetched,
      ...(isPruned
        ? managed(commands.installAll, "development")
        : managed(commands.installProduction, "production")),
    ],
    build:
      later.length === 0
        ? []
        : [...(place === "here" ? [] : fetched), ...managed(later, "production")],
  };
}

// --- internal ---

/** Of no use to a running app: what bundlers and compilers keep for their next run. */
const CLEAN: Step = { argv: ["bash", "-c", "rm -rf node_modules/.cache"] };
