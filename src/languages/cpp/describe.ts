/** Pure: what the files of a build say of an app. */
import type { SourceTree } from "../../source/source-tree.ts";
import type { AppDescription } from "../language.ts";
import type { CppProject } from "./app/project.ts";
import { sourceFiles } from "./app/sources.ts";
import { chooseProgram } from "./programs.ts";
import { readProject } from "./read-project.ts";

export function describeCpp(tree: SourceTree): AppDescription | null {
  const project = readProject(tree);
  if (project === null) return null;
  const { name, description, homepage } = project;
  const version = project.version ?? fromFile(tree) ?? fromSources(tree, project);
  const all = { name, version, description, homepage };
  const said = Object.entries(all).filter(([, value]) => value !== null && !value.includes("$"));
  return said.length === 0 ? null : Object.fromEntries(said);
}

// --- internal ---

const VERSION = /^\d[\w.+~-]{0,40}$/;

/** A file `VERSION` with nothing else. */
function fromFile(tree: SourceTree): string | null {
  const text = (tree.text("VERSION") ?? "").slice(0, 200).trim();
  return VERSION.test(text) ? text : null;
}

/** `#define NGINX_VERSION "1.22.1"`, of the program that it is. */
function fromSources(tree: SourceTree, project: CppProject): string | null {
  const { main } = chooseProgram(tree, project, { member: null, id: "", started: [] });
  const [word = ""] = (main?.name ?? project.name ?? "").toUpperCase().split(/[^A-Z0-9]/);
  if (word === "") return null;
  const defined = new RegExp(
    `^[ \\t]*#[ \\t]*define[ \\t]+${word}_VERSION[ \\t]+"(\\d[\\w.+~-]{0,40})"`,
    "m",
  );
  for (const { text } of sourceFiles(tree)) {
    const version = defined.exec(text)?.[1];
    if (version !== undefined) return version;
  }
  return null;
}
