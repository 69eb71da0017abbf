/** The contract of a build tool: what the rest of the room reads of an app, whichever builds it. */
import { NuaError } from "../../../lib/errors.ts";
import type { Origin } from "../../../protocol/planned-action.ts";
import { treePath } from "../../../source/source-tree.ts";

export type Tool = "cmake" | "meson" | "autotools" | "make";

export interface CppProject {
  tool: Tool;
  /** What tells of it, at the top. */
  file: string;
  name: string | null;
  version: string | null;
  description: string | null;
  homepage: string | null;
  /** Those that its files name, in their order. */
  programs: Program[];
  /** Whether it says what is installed, and where. */
  installs: boolean;
  /** Libraries that it looks for, by the names that its tool has for them. */
  needs: Need[];
  /** What the build would fetch from elsewhere. */
  fetched: Fetched[];
  standards: Standard[];
  /** The least version of the tool itself. */
  minimum: { version: string; from: Origin } | null;
  /** How its tool is called, beyond what all are. */
  preset: { name: string; from: Origin } | null;
}

export interface Program {
  name: string;
  /** Where it is described, relative to the app's source. */
  folder: string;
  isInstalled: boolean;
  from: Origin;
}

export interface Need {
  /** In lower case, as the table of packages has it. */
  name: string;
  from: Origin;
}

export interface Fetched {
  what: string;
  from: Origin;
}

/** A standard of C or C++ that the app is written in. */
export interface Standard {
  language: "C" | "C++";
  /** As it is called: 17, 20, 23. */
  year: number;
  from: Origin;
}

export function emptyProject(tool: Tool, file: string): CppProject {
  return {
    ...{ tool, file, name: null, version: null, description: null, homepage: null },
    ...{ programs: [], installs: false, needs: [], fetched: [], standards: [], minimum: null },
    preset: null,
  };
}

/** Of a folder and what is named there; undefined for what is none of the app's. */
export function below(folder: string, name: string): string | undefined {
  return treePath(folder === "" ? name : `${folder}/${name}`);
}

/** An error of a file of the app's, with its line. */
export function fileError(
  file: string,
  said: string,
  { line, hint }: { line: number; hint: string },
): NuaError {
  const position = { line, column: 1 };
  return new NuaError("input", `Read "${file}": ${said}`, { file, position, hint });
}

/** @throws NuaError (input) for what is no text */
export function rejectBinary(file: string, text: string): void {
  if (!text.slice(0, 8192).includes("\0")) return;
  throw fileError(file, "it is not text", { line: 1, hint: "write it as UTF-8, or take it away" });
}

/** What a program may be called, so that it is a word of a command and a name of a file. */
export const PROGRAM_NAME = /^[A-Za-z0-9_][\w.+-]{0,127}$/;

/** An app is not trusted: what is beyond is not looked at. */
export const LIMITS = {
  /** Files that describe the build, of one app. */
  files: 600,
  /** Folders within each other. */
  depth: 40,
  /** Characters of one of them. */
  characters: 1024 * 1024,
  /** Calls in one of them. */
  calls: 50_000,
  /** Things of a kind that are remembered. */
  found: 2000,
} as const;
