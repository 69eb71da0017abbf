/** Pure: whether what an app builds is a site: pages that nothing of Deno's serves. */
import type { SourceTree } from "../../source/source-tree.ts";
import type { StaticSite } from "../language.ts";
import { joined } from "./config.ts";
import type { DenoFolder } from "./project.ts";
import { findTask } from "./tasks.ts";

interface Generator extends Pick<StaticSite, "folder" | "fallback" | "isBundled"> {
  /** What its task says. */
  line: RegExp;
  /** A setting of its folder: file, and what it says of it. */
  setting?: { files: readonly string[]; pattern: RegExp };
  /** What has to be there. */
  needs?: string;
}

const GENERATORS: readonly Generator[] = [
  {
    // Source: lume.land, "Configuration": `dest`.
    ...{ line: /\blume\b/, folder: "_site", fallback: "not found" },
    setting: {
      files: ["_config.ts", "_config.js", "_config.tsx"],
      pattern: /\bdest:\s{0,9}["'](?:\.\/)?([\w./-]{1,100})["']/,
    },
  },
  { line: /\bastro(?:@\S{1,40})?\s+build\b/, folder: "dist", fallback: "not found" },
  {
    ...{ line: /\bvite(?:@\S{1,40})?\s+build\b/, folder: "dist", fallback: "index" },
    ...{ isBundled: true, needs: "index.html" },
    setting: {
      files: ["vite.config.ts", "vite.config.js", "vite.config.mts", "vite.config.mjs"],
      pattern: /\boutDir:\s{0,9}["'](?:\.\/)?([\w./-]{1,100})["']/,
    },
  },
];

/** @returns null where its build makes none that is known here */
export function findSite(tree: SourceTree, own: DenoFolder): StaticSite | null {
  const task = findTask(tree, own, "build");
  if (task === null) return null;
  const { tasks = {} } = own.config ?? {};
  const line = [task.line, tasks.lume?.command ?? ""].join(" ");
  const found = GENERATORS.find((one) => one.line.test(line));
  if (found === undefined) return null;
  const { needs, setting, folder, fallback, isBundled } = found;
  if (needs !== undefined && !tree.has(joined(own.folder, needs))) return null;
  const said = (setting?.files ?? [])
    .map((name) => setting!.pattern.exec(tree.text(joined(own.folder, name)) ?? "")?.[1])
    .find((one) => one !== undefined && !one.split("/").includes(".."));
  return {
    folder: joined(own.folder, (said ?? folder).replace(/\/+$/, "")),
    ...{ fallback, from: task.from },
    ...(isBundled === undefined ? {} : { isBundled }),
  };
}
