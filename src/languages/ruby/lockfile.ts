/** Pure: reads a Gemfile.lock. Source: Bundler, LockfileParser. */
import type { SourceTree } from "../../source/source-tree.ts";
import { rejectConflict } from "../merge-conflict.ts";
import type { ManifestNames } from "./manifest.ts";

export interface Lockfile {
  /** Of servers and of git; without those of the app's own folders. */
  gems: ReadonlyMap<string, string>;
  /** Names of those that come compiled for Linux. */
  compiled: ReadonlySet<string>;
  platforms: string[];
  /** What the Gemfile asked for when it was written: name -> requirement. */
  dependencies: ReadonlyMap<string, string>;
  /** Folders of the app with gems of its own. */
  paths: string[];
  hasGit: boolean;
  /** "3.2.1" of "ruby 3.2.1p31", with its line. */
  ruby: { version: string; line: number } | null;
  /** The Bundler that wrote it. */
  bundler: string | null;
}

/**
 * @returns null where there is none
 * @throws NuaError (input) for one that git could not merge
 */
export function readLockfile(tree: SourceTree, { lock }: ManifestNames): Lockfile | null {
  const text = tree.text(lock);
  if (text === undefined) return null;
  const lines = text.split(/\r?\n/);
  rejectConflict(lock, text, "resolve it, and run bundle install");
  const sections = sectionsOf(lines);
  const of = (name: RegExp) => sections.filter(({ title }) => name.test(title));
  const ruby = of(/^RUBY VERSION$/).flatMap(({ rows, line }) =>
    rows.map((row, index) => ({
      version: /^\s*ruby (\d+\.\d+\.\d+)/.exec(row)?.[1],
      line: line + index + 1,
    })),
  )[0];
  const gems = of(/^(GEM|GIT|PLUGIN SOURCE)$/).flatMap(({ rows }) => gemsOf(rows));
  return {
    gems: new Map(gems),
    compiled: new Set(gems.filter(([, version]) => /-.*linux/.test(version)).map(([name]) => name)),
    platforms: of(/^PLATFORMS$/).flatMap(({ rows }) => rows.map((row) => row.trim())),
    dependencies: new Map(of(/^DEPENDENCIES$/).flatMap(({ rows }) => rows.flatMap(dependencyOf))),
    paths: of(/^PATH$/).flatMap(({ rows }) => rows.flatMap((row) => remoteOf(row) ?? [])),
    hasGit: of(/^GIT$/).length > 0,
    ruby: ruby?.version === undefined ? null : { version: ruby.version, line: ruby.line },
    bundler: bundlerOf(of(/^BUNDLED WITH$/)[0]?.rows[0]),
  };
}

// --- internal ---

interface Section {
  title: string;
  /** Of the title, counted from 1. */
  line: number;
  rows: string[];
}

function sectionsOf(lines: readonly string[]): Section[] {
  const sections: Section[] = [];
  for (const [index, text] of lines.entries()) {
    if (/^[A-Z]/.test(text)) sections.push({ title: text.trim(), line: index + 1, rows: [] });
    else if (text.trim() !== "") sections.at(-1)?.rows.push(text);
  }
  return sections;
}

/** `    rails (7.1.2)`; six spaces are what a gem wants. Of several platforms one is as good. */
function gemsOf(rows: readonly string[]): [string, string][] {
  return rows.flatMap((row) => {
    const [, name, version] = /^ {4}([\w.-]+) \(([^)\s]+)\)$/.exec(row) ?? [];
    return name === undefined ? [] : [[name, version!] as [string, string]];
  });
}

/** `  rails (~> 7.0.3, >= 7.0.3.1)`, `  local!` */
function dependencyOf(row: string): [string, string][] {
  const [, name, requirement = ""] = /^ {2}([\w.-]+)(?: \(([^)]*)\))?!?$/.exec(row) ?? [];
  return name === undefined ? [] : [[name, requirement]];
}

function remoteOf(row: string): string | undefined {
  return /^ {2}remote: (.+)$/.exec(row)?.[1];
}

function bundlerOf(row = ""): string | null {
  const version = row.trim();
  return /^\d+(?:\.\d+){1,3}$/.test(version) ? version : null;
}
