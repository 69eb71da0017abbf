/** Pure: solutions: the projects that they are made of. Source: learn.microsoft.com, "Solution (.sln) file". */
import { oncePer } from "../../lib/once-per.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import { rejectConflict } from "../merge-conflict.ts";
import { parseXmlFile, type XmlNode } from "../xml-file.ts";
import { folderOf, pathFrom } from "./msbuild.ts";
import { fileError } from "./project.ts";

export interface SolutionEntry {
  /** Undefined where it is outside of the app's folder. */
  path: string | undefined;
  written: string;
  line: number;
}

export const SOLUTION_FILE = /^[^.].*\.slnx?$/i;

/** @throws NuaError (input) for a file that is none */
export const readSolution = oncePer((tree: SourceTree, file: string): SolutionEntry[] => {
  const text = tree.text(file) ?? "";
  const found = /\.slnx$/i.test(file) ? fromXml(text, file) : fromLines(text, file);
  return found
    .filter(({ written }) => /\.\w+proj$/i.test(written))
    .slice(0, MOST)
    .map((one) => ({ ...one, path: pathFrom(folderOf(file), one.written) }));
});

// --- internal ---

/** More than anybody has in one solution. */
const MOST = 2000;

type Written = Omit<SolutionEntry, "path">;

/** `Project("{TYPE}") = "Shop", "src\Shop\Shop.csproj", "{ID}"` */
function fromLines(text: string, file: string): Written[] {
  rejectConflict(file, text);
  const lines = text.split(/\r?\n/);
  if (!lines.slice(0, 5).some((line) => /Microsoft Visual Studio Solution File/.test(line))) {
    const hint = "make it anew with dotnet new sln, or remove it";
    throw fileError(file, "it is no solution: its first line does not say so", { hint });
  }
  return lines.flatMap((line, index) => {
    if (!line.startsWith("Project(") || line.length > 4096) return [];
    const [, written] = /^Project\("[^"]*"\) *= *"[^"]*", *"([^"]*)"/.exec(line) ?? [];
    return written === undefined ? [] : [{ written, line: index + 1 }];
  });
}

/** `<Project Path="src/Shop/Shop.csproj" />`, in folders, too. */
function fromXml(text: string, file: string): Written[] {
  const visit = (node: XmlNode): Written[] =>
    node.children.flatMap((one) => {
      if (one.name === "Folder") return visit(one);
      const written = one.name === "Project" ? one.attributes.Path : undefined;
      return written === undefined ? [] : [{ written, line: one.line }];
    });
  return visit(parseXmlFile(text, file));
}
