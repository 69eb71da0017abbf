/** Shell: apps that are started by a script, and have nothing else that says how. */
import type { SourceTree } from "../../source/source-tree.ts";
import type { Language, RequestedPackages } from "../language.ts";

/** A script at the top that is named as what starts an app is; in the order in which they count. */
const SCRIPTS = ["start.sh", "run.sh", "main.sh", "app.sh", "server.sh", "entrypoint.sh"];

export const shell: Language = {
  name: "shell",
  installsPython: false,
  manifests: SCRIPTS,
  detect: (tree) => scriptOf(tree) ?? null,
  // Beside another language a script is one of many things; but pages do not start themselves.
  isOfApp(tree, { languages }) {
    const others = languages.filter((name) => name !== "shell");
    if (others.length === 0) return true;
    return others.every((name) => name === "static") && scriptOf(tree) === SCRIPTS[0];
  },
  plan(tree) {
    const script = scriptOf(tree);
    const nothing = { packages: [], install: [], build: [], lookedFor: SCRIPTS };
    if (script === undefined) return { ...nothing, start: null };
    const from = { what: script };
    const { word, names, warnings } = interpreterOf(tree, script);
    const packages: RequestedPackages[] = names.length === 0 ? [] : [{ names, from }];
    return {
      ...nothing,
      runPackages: packages,
      start: {
        line: `${word} ${script}`,
        from,
        ...portOf(tree.text(script) ?? ""),
      },
      warnings: [...warnings, ...(/\r\n/.test(tree.text(script) ?? "") ? [CRLF(script)] : [])],
    };
  },
};

// --- internal ---

const CRLF = (script: string) =>
  `${script} has the line ends of Windows (CRLF), which shells take for a part of each command`;

/** `${PORT:-3000}` says what is meant without it. */
function portOf(text: string): { port?: number } {
  const found = /\$(?:PORT\b|\{PORT\b(?::?[-=](\d{1,5})\})?)/.exec(text);
  if (found === null) return {};
  return { port: Number(found[1] ?? 8000) };
}

function scriptOf(tree: SourceTree): string | undefined {
  return SCRIPTS.find((name) => tree.text(name) !== undefined);
}

interface Interpreter {
  word: string;
  names: readonly string[];
  warnings: readonly string[];
}

/** Shells that are not in every image, and the packages that bring them. */
const PACKAGED: Readonly<Record<string, string>> = {
  fish: "fish",
  ksh: "ksh",
  mksh: "mksh",
  tcsh: "tcsh",
  zsh: "zsh",
};

/** In every image: `sh` is dash there. */
const PRESENT = ["bash", "dash", "sh"];

/**
 * The interpreter that the script's first line names; the file need not be a program. Without such
 * a line bash, since whoever writes none tries the script there.
 */
function interpreterOf(tree: SourceTree, script: string): Interpreter {
  const [first = ""] = (tree.text(script) ?? "").split(/\r?\n/, 1);
  // `#!/usr/bin/env -S bash -eu`, `#! /bin/sh`
  const words = first.startsWith("#!") ? first.slice(2).trim().split(/\s+/) : [];
  const [program = "", ...others] = words.map((word) => word.split("/").at(-1) ?? "");
  const isEnv = program === "env";
  const name = isEnv ? (others.find((word) => !/^-|=/.test(word)) ?? "") : program;
  if (name === "") return { word: "bash", names: [], warnings: [] };
  // Options of the first line hold: `bash -eu start.sh`.
  const options = words.slice(words.findIndex((word) => word.endsWith(name)) + 1);
  const word = [name, ...options.filter((option) => /^[-+][\w-]+$/.test(option))].join(" ");
  if (PRESENT.includes(name)) return { word, names: [], warnings: [] };
  const packaged = PACKAGED[name];
  if (packaged !== undefined) return { word, names: [packaged], warnings: [] };
  return {
    ...{ word: "bash", names: [] },
    warnings: [`${script}:1: "${printableName(name)}" is no shell that is known: bash is taken`],
  };
}

function printableName(name: string): string {
  return name.replace(/[^\w.+-]/g, "?").slice(0, 60);
}
