/** Pure: setup.cfg and setup.py, as far as they say without being run what they need. */
import type { SourceTree } from "../../../source/source-tree.ts";
import { Obstacle } from "../../dependency-rule.ts";
import { requirementLines } from "./requirement-lines.ts";

export const SETUP_CFG = "setup.cfg";
export const SETUP_PY = "setup.py";

/** Whether setup.cfg is more than the settings of tools. */
export function isSetupCfg(text: string | undefined): boolean {
  return text !== undefined && /^\[(metadata|options)\]/m.test(text);
}

/**
 * The requirements that setup.cfg declares, one each.
 * @throws Obstacle when only setuptools can tell
 */
export function setupCfgRequirements(tree: SourceTree): string[] {
  const section = iniSection(tree.text(SETUP_CFG) ?? "", "options");
  const value = section.get("install_requires") ?? section.get("install-requires") ?? "";
  const files = /^\s*file:(.*)$/s.exec(value)?.[1];
  if (files !== undefined) return linesOfFiles(files.split(/[,\n]/), tree);
  if (/^\s*attr:/.test(value))
    throw new Obstacle(`${SETUP_CFG} takes its requirements of a module`);
  // Setuptools: lines, or one line with semicolons between.
  const parts = value.includes("\n") ? value.split("\n") : value.split(";");
  return parts.map((line) => line.replace(/(^|\s)#.*$/, "").trim()).filter((line) => line !== "");
}

/**
 * The requirements in setup.py, where it lists them in the call itself.
 * @returns null where it only calls setup(), and another file declares
 * @throws Obstacle when it has to be run
 */
export function setupPyRequirements(text: string): string[] | null {
  const code = withoutComments(text);
  if (/\*\*\s*\w/.test(code)) throw new Obstacle(RUN);
  const list = /\binstall_requires\s*=\s*\[((?:\s*(?:"[^"\n]*"|'[^'\n]*')\s*,?)*)\s*\]/.exec(code);
  const others = code.replace(list?.[0] ?? "", "");
  if (/\b(install_requires|requires)\b/.test(others)) throw new Obstacle(RUN);
  if (list === null) return null;
  const isInCall = code.slice(0, list.index).includes("setup(");
  if (!isInCall) throw new Obstacle(RUN);
  return [...list[1]!.matchAll(/"([^"\n]*)"|'([^'\n]*)'/g)].map(([, a, b]) => a ?? b ?? "");
}

/** The lines of files that a manifest names in place of requirements. */
export function linesOfFiles(names: readonly string[], tree: SourceTree): string[] {
  const files = names.map((name) => name.trim()).filter((name) => name !== "");
  return files.flatMap((name) => {
    const text = tree.text(name);
    if (text === undefined) throw new Obstacle(`${name} is not there`);
    return requirementLines(text).map(({ text: line }) => line);
  });
}

// --- internal ---

const RUN = `${SETUP_PY} says what it needs when it is run`;

/** Good enough: a hash within a text ends what is read of its line, which then is no list. */
function withoutComments(text: string): string {
  return text.replace(/("[^"\n]*"|'[^'\n]*')|#[^\n]*/g, (_all, quoted) => quoted ?? "");
}

/** Its keys; lines that are indented go on with a value. */
function iniSection(text: string, name: string): Map<string, string> {
  const found = new Map<string, string>();
  let isInside = false;
  let key = "";
  for (const line of text.split(/\r?\n/)) {
    const header = /^\[([^\]]+)\]/.exec(line)?.[1];
    if (header !== undefined) isInside = header === name;
    else if (isInside && /^\s/.test(line)) found.set(key, `${found.get(key) ?? ""}\n${line}`);
    else if (isInside && !/^[#;]/.test(line)) {
      const [, newKey, value = ""] = /^([^=:]+)[=:](.*)$/.exec(line) ?? [];
      if (newKey === undefined) continue;
      key = newKey.trim();
      found.set(key, value.trim());
    }
  }
  return found;
}
