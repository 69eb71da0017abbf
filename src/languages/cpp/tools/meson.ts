/** Pure: what meson.build says of an app, with those of its folders. */
import type { Origin } from "../../../protocol/planned-action.ts";
import type { SourceTree } from "../../../source/source-tree.ts";
import { rejectConflict } from "../../merge-conflict.ts";
import {
  below,
  type CppProject,
  emptyProject,
  fileError,
  LIMITS,
  PROGRAM_NAME,
  rejectBinary,
} from "../app/project.ts";
import { callsOf, type MesonCall } from "./meson-text.ts";

export const MESON_BUILD = "meson.build";

/** @throws NuaError (input) for a file that is no text, and for a folder that is not there */
export function readMeson(tree: SourceTree): CppProject {
  const project = emptyProject("meson", MESON_BUILD);
  readFile("", { tree, project, visited: new Set() }, 0);
  project.fetched.push(...wrapsOf(tree));
  return project;
}

// --- internal ---

interface State {
  tree: SourceTree;
  project: CppProject;
  visited: Set<string>;
}

function readFile(folder: string, state: State, depth: number): void {
  const { tree, visited } = state;
  const file = folder === "" ? MESON_BUILD : `${folder}/${MESON_BUILD}`;
  if (visited.has(file) || visited.size >= LIMITS.files || depth > LIMITS.depth) return;
  visited.add(file);
  const text = tree.text(file);
  if (text === undefined) return;
  rejectBinary(file, text);
  rejectConflict(file, text);
  for (const call of callsOf(text.slice(0, LIMITS.characters))) {
    const from = { what: file, line: call.line };
    if (call.name === "subdir") readFolder(call, { from, folder, state, depth });
    else readCall(call, from, { folder, project: state.project });
  }
}

function readCall(
  call: MesonCall,
  from: Origin,
  { folder, project }: { folder: string; project: CppProject },
): void {
  const { name, texts, named } = call;
  const [first] = texts;
  if (name === "project" && folder === "") readProjectCall(call, from, project);
  if (/^install_|^meson\.add_install_script$/.test(name)) project.installs = true;
  if (first === undefined) return;
  if (name === "executable" && PROGRAM_NAME.test(first)) {
    const isInstalled = named.get("install")?.includes("true") ?? false;
    project.installs ||= isInstalled;
    if (project.programs.length >= LIMITS.found) return;
    project.programs.push({ name: first, folder, isInstalled, from });
  }
  if (name === "dependency" || name === "find_program" || name.endsWith(".find_library")) {
    if (project.needs.length >= LIMITS.found) return;
    project.needs.push({ name: first.toLowerCase(), from });
  }
  if (/library$/.test(name) && named.get("install")?.includes("true")) project.installs = true;
}

function readProjectCall({ texts, named }: MesonCall, from: Origin, project: CppProject): void {
  project.name = texts[0] ?? null;
  const version = named.get("version")?.[0];
  project.version = version !== undefined && /^[\w.+~-]+$/.test(version) ? version : null;
  const least = /(\d+(?:\.\d+){0,3})/.exec(named.get("meson_version")?.join(" ") ?? "")?.[1];
  if (least !== undefined) project.minimum = { version: least, from };
  for (const option of named.get("default_options") ?? []) {
    const [, language, years] = /^(c|cpp)_std=([\w+,-]+)$/.exec(option) ?? [];
    const year = /(?:c|c\+\+|gnu|gnu\+\+)(\d[\dabcxyz])\b/.exec(years ?? "")?.[1];
    const known = DRAFTS[year ?? ""] ?? Number(year);
    if (language === undefined || !Number.isInteger(known)) continue;
    project.standards.push({ language: language === "c" ? "C" : "C++", year: known, from });
  }
}

/** What standards were called before they were finished. */
const DRAFTS: Readonly<Record<string, number>> = {
  ...{ "2a": 20, "2b": 23, "2c": 26, "2x": 23, "1z": 17, "1y": 14, "0x": 11 },
};

interface Place {
  from: Origin & { line: number };
  folder: string;
  state: State;
  depth: number;
}

function readFolder({ texts }: MesonCall, { from, folder, state, depth }: Place): void {
  const [path] = texts;
  if (path === undefined || path.includes("@")) return;
  const at = path.startsWith("/") ? undefined : below(folder, path);
  const said = `subdir names "${path}"`;
  if (at === undefined) {
    throw fileError(from.what, `${said}, which is outside of the app's folder`, {
      ...{ line: from.line, hint: "bring it into the app's folder" },
    });
  }
  if (state.tree.has(`${at}/${MESON_BUILD}`)) readFile(at, state, depth + 1);
}

/** Subprojects that are described and not there: Meson would fetch them. */
function wrapsOf(tree: SourceTree): CppProject["fetched"] {
  return tree
    .list("subprojects")
    .filter(({ kind, name }) => kind === "file" && name.endsWith(".wrap"))
    .slice(0, 200)
    .flatMap(({ name }) => {
      const file = `subprojects/${name}`;
      const text = tree.text(file) ?? "";
      const folder = /^\s*directory\s*=\s*([\w.+-]{1,200})\s*$/m.exec(text)?.[1];
      const is = [folder, name.slice(0, -5)].some(
        (one) => one !== undefined && tree.has(`subprojects/${one}`),
      );
      const address = /^\s*(?:url|source_url)\s*=\s*(\S{1,500})\s*$/m.exec(text)?.[1];
      return is ? [] : [{ what: address ?? name.slice(0, -5), from: { what: file } }];
    });
}
