/** Pure: the dependencies of `[tool.poetry]`, as requirements. */
import { hideCredentials } from "../../../lib/secrets.ts";
import { Obstacle } from "../../dependency-rule.ts";
import { readConstraint } from "../manifests/constraints.ts";
import { gitUrl } from "../manifests/git-url.ts";
import { type PoetryDependency, PYPROJECT, type Pyproject } from "../manifests/pyproject.ts";
import { fileError } from "../manifests/read-file.ts";
import { type Declared, normalizeName } from "../manifests/requirement.ts";

type PoetryTable = NonNullable<Pyproject["tool"]["poetry"]>;

interface PoetryOptions {
  /** Whether the table only says where the dependencies of `[project]` come from. */
  isBeside: boolean;
}

/** Those of the main group that are not optional. */
export function poetryDeclared(table: PoetryTable, { isBeside }: PoetryOptions): Declared[] {
  return Object.entries(table.dependencies)
    .filter(([name]) => name.toLowerCase() !== "python")
    .flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map((one) => [name, one] as const),
    )
    .map(
      ([name, one]) => [name, typeof one === "string" ? { ...PLAIN, version: one } : one] as const,
    )
    .filter(([, { optional }]) => isBeside || !optional)
    .map(([name, one]) => declaredOf(name, one, table));
}

/** The range of the versions of Python, where Poetry's table has one; the last of several. */
export function poetryPython({ dependencies }: PoetryTable): string | undefined {
  const key = Object.keys(dependencies).find((name) => name.toLowerCase() === "python");
  const value = key === undefined ? undefined : dependencies[key];
  return typeof value === "string" ? value : Array.isArray(value) ? undefined : value?.version;
}

// --- internal ---

const PLAIN: PoetryDependency = {
  ...{ version: undefined, markers: undefined, python: undefined, platform: undefined },
  ...{ source: undefined, git: undefined, branch: undefined, tag: undefined, rev: undefined },
  ...{ subdirectory: undefined, path: undefined, file: undefined, url: undefined },
  ...{ optional: false, extras: [] },
};

function declaredOf(name: string, one: PoetryDependency, table: PoetryTable): Declared {
  const url = gitUrl(one) ?? one.url ?? null;
  if (url !== null && hideCredentials(url) !== url) {
    throw new Obstacle(`${PYPROJECT} names "${name}" at "${hideCredentials(url)}"`);
  }
  const source = table.source.find((entry) => entry.name === one.source);
  const requirement = {
    name: normalizeName(name),
    extras: one.extras.map(normalizeName),
    range: url === null ? rangeOf(name, one.version ?? "*") : "",
    url,
    marker: markerOf(name, one),
  };
  return { requirement, path: one.path ?? one.file ?? null, index: source?.url ?? null };
}

/** Of several ranges the last: those before it are for older releases. */
function rangeOf(name: string, constraint: string): string {
  const ranges = readConstraint(constraint);
  if (ranges === null) {
    const problem = `"${constraint}" of "${name}" is no version constraint`;
    throw fileError(PYPROJECT, problem, { hint: 'write it as "^1.2" or ">=1.2,<2"' });
  }
  return ranges.at(-1) ?? "";
}

function markerOf(name: string, { markers, python, platform }: PoetryDependency): string {
  const ranges = python === undefined ? [""] : readConstraint(python);
  if (ranges === null) {
    throw fileError(PYPROJECT, `"${python}" of "${name}" is no range of Python versions`);
  }
  const alternatives = ranges.map((range) =>
    range === "" ? "" : range.split(",").map(pythonClause).join(" and "),
  );
  const isAny = alternatives.includes("");
  return [
    markers === undefined ? "" : `(${markers})`,
    isAny ? "" : `(${alternatives.join(" or ")})`,
    platform === undefined ? "" : `sys_platform == "${platform.replace(/[^\w]/g, "")}"`,
  ]
    .filter((part) => part !== "")
    .join(" and ");
}

function pythonClause(clause: string): string {
  const [, operator = "", version = ""] = /^([<>=!~]+)(.*)$/.exec(clause) ?? [];
  const isFull = version.split(".").length > 2;
  return `${isFull ? "python_full_version" : "python_version"} ${operator} "${version}"`;
}
