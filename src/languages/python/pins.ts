/**
 * Pure: the version of Python that an app's files ask for. The strongest of these that is there
 * decides: `.python-version`, the files of version managers, `runtime.txt`, Pipfile, what the
 * manifest requires, and then what pinned requirements need.
 */
import { satisfies } from "@renovatebot/pep440";
import * as v from "valibot";
import { formatOrigin, type Origin } from "../../protocol/planned-action.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import type { RequestedRuntime } from "../runtime.ts";
import { namedVersion, versionInFile } from "../version-files.ts";
import { readConstraint } from "./manifests/constraints.ts";
import { PYPROJECT, readPyproject } from "./manifests/pyproject.ts";
import { fileError, lineOf, readRawToml } from "./manifests/read-file.ts";
import { isRange } from "./manifests/requirement.ts";
import { readScriptMetadata } from "./manifests/script-metadata.ts";
import { SETUP_CFG, SETUP_PY } from "./manifests/setup-files.ts";
import { PIPFILE, readPipfile } from "./package-managers/pipfile.ts";
import { poetryPython } from "./package-managers/poetry-manifest.ts";
import { pinnedNeed } from "./pinned-needs.ts";
import { findManifest } from "./project.ts";

export interface Pin {
  /** Of PEP 440; empty where any version does. */
  range: string;
  /** As it is written. */
  text: string;
  from: Origin;
}

/** What the strongest file asks for, where "latest" is any version; nothing where none does. */
export function requestedPython(tree: SourceTree): RequestedRuntime[] {
  const pin = findPins(tree).find(({ range }) => range !== "");
  if (pin === undefined) return [];
  return [{ language: "python", range: pin.range, from: pin.from, use: "run" }];
}

/** Files that ask for what the strongest rules out, in words. */
export function contradictions(tree: SourceTree): string[] {
  const [first, ...others] = findPins(tree);
  if (first === undefined) return [];
  return others
    .filter(({ range }) => !haveCommon(first.range, range))
    .map(
      ({ text, from }) =>
        `${formatOrigin(from)} asks for Python ${text}, and ${formatOrigin(first.from)} for ${first.text}, which decides`,
    );
}

/**
 * All that ask for a version, the strongest first.
 * @throws NuaError with the place of what is no version
 */
export function findPins(tree: SourceTree): Pin[] {
  return SOURCES.flatMap((find) => find(tree) ?? []);
}

// --- internal ---

const VERSION_FILE = ".python-version";
const RUNTIME_FILE = "runtime.txt";

const SOURCES: readonly ((tree: SourceTree) => Pin | undefined)[] = [
  fromVersionFile,
  (tree) => {
    const found = namedVersion(tree, ["python"]);
    if (found === null) return undefined;
    return fromLock(tree, found.version) ?? versionPin(found.version, found.from);
  },
  (tree) => {
    const line = lineOf(tree.text(RUNTIME_FILE) ?? "", /^[ \t]*python-/m);
    if (line === undefined) return undefined;
    const text = tree.text(RUNTIME_FILE)!.split("\n")[line - 1]!.trim();
    return versionPin(text, { what: RUNTIME_FILE, line });
  },
  fromPipfile,
  fromProject,
  fromPoetry,
  (tree) => fromSetup(tree, SETUP_CFG, /^[ \t]*python[_-]requires\s*=\s*(.+)$/m),
  (tree) => fromSetup(tree, SETUP_PY, /\bpython_requires\s*=\s*["']([^"'\n]+)["']/),
  fromScript,
  fromRequirements,
];

/** The first line counts, as pyenv and uv have it. */
function fromVersionFile(tree: SourceTree): Pin | undefined {
  const found = versionInFile(tree, VERSION_FILE);
  if (found === null || found.version === "system") return undefined;
  return versionPin(found.version, found.from);
}

const MISE_LOCK = "mise.lock";
const lockSchema = v.object({
  tools: v.object({ python: v.array(v.object({ version: v.string() })) }),
});

/** What mise has locked of a version that is no whole one. */
function fromLock(tree: SourceTree, version: string): Pin | undefined {
  if (!tree.has(MISE_LOCK) || /^\d+\.\d+\.\d+$/.test(version)) return undefined;
  const found = v.safeParse(lockSchema, readRawToml(tree, MISE_LOCK));
  const locked = found.success ? found.output.tools.python[0]?.version : undefined;
  const isOfSeries = version === "latest" || locked?.startsWith(`${version}.`);
  if (locked === undefined || !isOfSeries) return undefined;
  const line = lineOf(tree.text(MISE_LOCK)!, /^\[\[tools\.python\]\]/m);
  return versionPin(locked, { what: MISE_LOCK, ...(line === undefined ? {} : { line }) });
}

function fromPipfile(tree: SourceTree): Pin | undefined {
  const requires = readPipfile(tree)?.requires;
  const key =
    requires?.python_full_version === undefined ? "python_version" : "python_full_version";
  const text = requires?.[key];
  return text === undefined ? undefined : versionPin(text, placeIn(tree, PIPFILE, key));
}

function fromProject(tree: SourceTree): Pin | undefined {
  const text = readPyproject(tree)?.project?.["requires-python"];
  return text === undefined
    ? undefined
    : rangePin(text, placeIn(tree, PYPROJECT, "requires-python"));
}

/** Of several ranges the last: those before it are for older releases. */
function fromPoetry(tree: SourceTree): Pin | undefined {
  const table = readPyproject(tree)?.tool.poetry;
  const text = table === undefined ? undefined : poetryPython(table);
  if (text === undefined) return undefined;
  const from = placeIn(tree, PYPROJECT, "python");
  const ranges = readConstraint(text);
  if (ranges === null) throw unreadable(text, from, 'write it as "^3.11" or ">=3.11,<4"');
  return { range: ranges.at(-1) ?? "", text, from };
}

function fromSetup(tree: SourceTree, file: string, pattern: RegExp): Pin | undefined {
  const text = pattern.exec(tree.text(file) ?? "")?.[1]?.trim();
  if (text === undefined || text === "") return undefined;
  const line = lineOf(tree.text(file)!, pattern);
  return rangePin(text, { what: file, ...(line === undefined ? {} : { line }) });
}

function fromScript(tree: SourceTree): Pin | undefined {
  const manifest = findManifest(tree);
  if (manifest?.kind !== "script") return undefined;
  const text = readScriptMetadata(tree, manifest.file)?.["requires-python"];
  if (text === undefined) return undefined;
  return rangePin(text, placeIn(tree, manifest.file, "# requires-python"));
}

function fromRequirements(tree: SourceTree): Pin | undefined {
  const need = pinnedNeed(tree);
  if (need === undefined) return undefined;
  const { python, text, file, line } = need;
  return { range: `>=${python}`, text: `>=${python} for ${text}`, from: { what: file, line } };
}

function placeIn(tree: SourceTree, file: string, key: string): Origin {
  const line = lineOf(tree.text(file) ?? "", new RegExp(`^[ \\t]*["']?${key}["']?\\s*=`, "m"));
  return { what: file, ...(line === undefined ? {} : { line }) };
}

function rangePin(text: string, from: Origin): Pin {
  const range = text.replace(/\s+/g, "");
  if (range === "" || range === "*") return { range: "", text, from };
  // "3.11" alone is no range of PEP 440, and meant by whoever writes it as the version.
  if (!isRange(range)) return versionPin(text, from);
  return { range, text, from };
}

/** A version, a series of versions or a range, with or without the name before it. */
function versionPin(text: string, from: Origin): Pin {
  const plain = text.replace(/^(c?python)[-@=]*\s*/i, "").replace(/^v(?=\d)/, "");
  const version = /^(3(?:\.\d{1,3}){0,2})(?:\.(?:x|\*))?$/.exec(plain)?.[1];
  if (version !== undefined) return { range: rangeOf(version), text, from };
  if (/^(latest|3-?(latest|dev)?)$/.test(plain) || plain === "") return { range: "", text, from };
  const range = plain.replace(/\s+/g, "");
  if (isRange(range)) return { range, text, from };
  const constraint = /^[~^]/.test(plain) ? readConstraint(plain)?.at(-1) : undefined;
  if (constraint !== undefined) return { range: constraint, text, from };
  throw unreadable(text, from, hintFor(plain));
}

function rangeOf(version: string): string {
  const numbers = version.split(".").length;
  return numbers === 3 ? `==${version}` : `==${version}.*`;
}

function hintFor(text: string): string {
  if (/pypy|graalpy|conda|jython|stackless|micropython/i.test(text)) {
    return "only CPython is had: write a version of it, such as 3.12";
  }
  if (/^3\.\d+(\.\d+)?(t$|.*freethreaded)/.test(text)) {
    return "builds without the GIL are not had: write the version alone";
  }
  if (/^2(\.|$)/.test(text)) return "Python 2 is not had: write a version of Python 3";
  return "write a version such as 3.12 or 3.12.4";
}

function unreadable(text: string, from: Origin, hint: string) {
  const line = from.line === undefined ? {} : { line: from.line };
  return fileError(from.what, `"${text}" is no version of Python that there is`, { hint, ...line });
}

/** Whether a version fits both: of each series the first and the last are tried, and what is named. */
function haveCommon(a: string, b: string): boolean {
  const named = `${a} ${b}`.match(/\d+\.\d+\.\d+/g) ?? [];
  const series = Array.from({ length: 40 }, (_, minor) => [`3.${minor}.0`, `3.${minor}.99`]);
  return [...named, ...series.flat()].some((version) => fits(version, a) && fits(version, b));
}

function fits(version: string, range: string): boolean {
  return range === "" || satisfies(version, range, { prereleases: true });
}
