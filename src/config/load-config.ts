/** From a path to a checked, normalized configuration. */
import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import * as v from "valibot";
import { findModuleProblems } from "../plan/modules.ts";
import { BuilderError, findNameProblems, resolveBuilder } from "../plan/names.ts";
import { NuaError, type Position } from "../shared/errors.ts";
import { type ConfigFormat, type ConfigLocation, discoverConfig } from "./discover.ts";
import { moveMisplacedKeys } from "./misplaced-keys.ts";
import { normalizeConfig, type RuleProblem } from "./normalize.ts";
import { parseConfig } from "./parse-config.ts";
import { ConfigError, type ConfigProblem, formatPath } from "./problems.ts";
import { type FormattedFields, renderConfig } from "./rendered.ts";
import { type AppConfig, configSchema } from "./schema.ts";
import type { Path } from "./source-map.ts";
import { normalizeSpelling } from "./spelling.ts";
import { subAppProblems } from "./sub-app.ts";
import { findUnknownKeys } from "./unknown-keys.ts";

export interface LoadedConfig {
  /** The app's folder, absolute. */
  root: string;
  /** The configuration, absolute. */
  file: string;
  text: string;
  /** As it is stored in the image. */
  config: AppConfig;
  /** What braces and templates see. */
  rendered: Record<string, unknown>;
  /** The values of the fields in which braces are formatted. */
  fields: FormattedFields;
  warnings: ConfigProblem[];
  /** The place of a key, spelled with hyphens; of the nearest one above it, if it is not there. */
  locate(path: Path): Position;
}

/**
 * @param path the app's folder or its configuration
 * @throws NuaError (input) when there is no such path
 * @throws ConfigError with every error of the configuration; with `strict`, unknown keys too
 */
export async function loadConfig(
  path: string,
  options: { strict: boolean },
): Promise<LoadedConfig> {
  const location = await discoverConfig(path);
  const text = await readConfigFile(location.file);
  return checkConfig({ ...location, text }, options);
}

/** The same for a text that has been read; pure. */
export function checkConfig(
  source: ConfigLocation & { text: string; format: ConfigFormat },
  options: { strict: boolean },
): LoadedConfig {
  const { root, file, text, format } = source;
  const parsed = parseConfig(file, text, format);
  const { config: moved, moved: movedKeys } = moveMisplacedKeys(
    normalizeSpelling(parsed.value).value,
  );
  const { originalPath } = normalizeSpelling(parsed.value);
  const placeBefore = (at: Path) => movedKeys.find(({ to }) => samePath(to, at))?.from ?? at;
  const locate = (at: Path, part: "key" | "value" = "key") =>
    parsed.map.locate(originalPath(placeBefore(at)), part);
  const problems: ConfigProblem[] = [...parsed.problems];
  const report = (severity: ConfigProblem["severity"]) => (problem: RuleProblem) => {
    const message = `${formatPath(problem.path)}: ${problem.message}`;
    problems.push({ severity, message, position: locate(problem.path), hint: problem.hint });
  };
  for (const { from, to } of movedKeys) {
    const hint = `write it as ${formatPath(to)}`;
    const message = `${formatPath(from)}: it belongs in another place`;
    problems.push({ severity: "warning", message, position: locate(to), hint });
  }
  for (const { path: at, guess } of findUnknownKeys(configSchema, moved)) {
    const hint = guess === undefined ? "see nua-build schema" : `did you mean "${guess}"?`;
    report(options.strict ? "error" : "warning")({ path: at, message: "unknown key", hint });
  }
  for (const other of source.ignored) {
    const message = `${relative(root, other)} is not read: ${relative(root, file)} comes first`;
    problems.push({ severity: "warning", message, position: { line: 1, column: 1 } });
  }
  const result = v.safeParse(configSchema, moved);
  if (!result.success) {
    for (const issue of result.issues) report("error")(schemaProblem(issue));
    throw new ConfigError(problems, { file, text });
  }
  const rawText = (at: Path) => plainNumber(parsed.map.raw(originalPath(placeBefore(at))));
  const faithful = restoreNumbers(moved, result.output, rawText) as AppConfig;
  const { config, problems: rules } = normalizeConfig(faithful, rawText);
  const { names, fields } = renderConfig(config);
  const found = [
    ...rules,
    ...ruleProblems(config),
    ...findModuleProblems(config),
    ...subAppProblems(config, (inner) => [
      ...normalizeConfig(inner, () => undefined).problems,
      ...ruleProblems(inner),
    ]),
  ];
  for (const problem of found) report("error")(problem);
  if (problems.some(({ severity }) => severity === "error")) {
    throw new ConfigError(problems, { file, text });
  }
  return { root, file, text, config, rendered: names, fields, warnings: problems, locate };
}

// --- internal ---

async function readConfigFile(file: string): Promise<string> {
  try {
    return (await readFile(file, "utf8")).replace(/^\uFEFF/, "");
  } catch (cause) {
    throw new NuaError("input", `Read config "${file}": ${String(cause)}`, { file, cause });
  }
}

function samePath(a: Path, b: Path): boolean {
  return a.length === b.length && a.every((part, index) => part === b[index]);
}

function schemaProblem(issue: v.BaseIssue<unknown>): RuleProblem {
  const path = (issue.path ?? []).map(({ key }) => key as string | number);
  const isMissing = issue.input === undefined;
  if (isMissing) return { path, message: "missing", hint: "it is required" };
  const own = issue.message.startsWith("expected");
  const expected = own ? issue.message : `expected ${issue.expected ?? "another value"}`;
  return { path, message: `${expected}, not ${issue.received}` };
}

/** `1.10` is a version: as a number it would lose its zero. Only plain decimals are kept. */
function plainNumber(raw: string | undefined): string | undefined {
  return raw !== undefined && /^[+-]?\d+(\.\d+)?$/.test(raw) ? raw : undefined;
}

/** Where the schema made text of a number, the text is the file's. */
function restoreNumbers(
  before: unknown,
  after: unknown,
  rawText: (path: Path) => string | undefined,
  path: Path = [],
): unknown {
  if (typeof before === "number" && typeof after === "string") return rawText(path) ?? after;
  if (Array.isArray(after) && Array.isArray(before)) {
    return after.map((item, index) =>
      restoreNumbers(before[index], item, rawText, [...path, index]),
    );
  }
  if (
    after === null ||
    typeof after !== "object" ||
    before === null ||
    typeof before !== "object"
  ) {
    return after;
  }
  const source = before as Record<string, unknown>;
  const entries = Object.entries(after).map(([key, value]) => [
    key,
    restoreNumbers(source[key], value, rawText, [...path, key]),
  ]);
  return Object.fromEntries(entries);
}

function ruleProblems(config: AppConfig): RuleProblem[] {
  const { fields, problems: braces } = renderConfig(config);
  const problems = [...braces, ...findNameProblems(config.metadata)];
  for (const key of ["method", "default-method"] as const) {
    const method = config.build?.[key];
    if (!method || method === "build" || method === "wrap") continue;
    const message = `"${method}" is not a method`;
    problems.push({ path: ["build", key], message, hint: "use build or wrap" });
  }
  try {
    resolveBuilder(fields.builder);
  } catch (error) {
    if (!(error instanceof BuilderError)) throw error;
    problems.push({ path: ["build", "builder"], message: error.message, hint: error.hint });
  }
  return problems;
}
