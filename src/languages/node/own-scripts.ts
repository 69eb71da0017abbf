/** Scripts of the app's own that an installation runs: they may read all of its files. Pure. */
import { INSTALL_SCRIPTS } from "./app/manifest.ts";
import { withChangedManifests } from "./managers/edit-manifests.ts";
import type { Line } from "./managers/manager.ts";
import type { NodeProject } from "./project.ts";

export interface OwnScript {
  /** Of its package, relative to the source. */
  folder: string;
  name: string;
  /** The manifest that has it. */
  file: string;
}

/** In the order in which installations run them. */
const NAMES = [...INSTALL_SCRIPTS, "prepublish", "prepare"];

/** One that only refuses other package managers (npmjs.com/package/only-allow). */
const REFUSAL = /^\s*(?:npx\s+(?:-y\s+|--yes\s+)?)?only-allow\s+\w+\s*$/;

/** Members first: the package at the top may need what theirs have made. */
export function ownScripts({ packages, commands }: NodeProject): OwnScript[] {
  const [top, ...members] = packages;
  return [...members, top!].flatMap(({ folder, manifest }) =>
    NAMES.filter((name) => {
      const line = manifest.scripts[name];
      if (line === undefined || REFUSAL.test(line)) return false;
      return commands.preparesApp || !name.startsWith("prep");
    }).map((name) => ({ folder, name, file: manifest.file ?? "package.json" })),
  );
}

/** Has an installation run none of them, where the files that they read are not there yet. */
export function withoutOwnScripts(scripts: readonly OwnScript[], lines: readonly Line[]): Line[] {
  if (scripts.length === 0) return [...lines];
  return withChangedManifests(
    "without-scripts",
    [...new Set(scripts.map(({ file }) => file))],
    lines,
  );
}
