/** Checks and normalizes the text of a configuration; collects all problems. Pure. */
import { relative } from "node:path";
import { LANGUAGES } from "../languages/languages.ts";
import { parseBuilder, UnknownRuntime } from "../languages/runtimes.ts";
import type { Position } from "../lib/errors.ts";
import type { Credential } from "../session/credentials.ts";
import { takeCredentials } from "./credentials.ts";
import type { BareFolder, ConfigLocation } from "./discover.ts";
import { type Describe, draftMissing } from "./draft-metadata.ts";
import type { FormatParser } from "./formats/parser.ts";
import { findNameProblems } from "./image-names.ts";
import { type ConfigLimits, DEFAULT_LIMITS } from "./limits.ts";
import type { LoadedConfig } from "./loaded-config.ts";
import { moveMisplacedKeys } from "./misplaced-keys.ts";
import { findModuleProblems } from "./modules.ts";
import { normalizeConfig, type RuleProblem } from "./normalize.ts";
import { type NumberText, plainNumber, unusualNumbers } from "./number-text.ts";
import { parseConfig } from "./parse-config.ts";
import { ConfigError, type ConfigProblem, formatPath } from "./problems.ts";
import { type FormattedFields, type Rendered, renderConfig } from "./rendered.ts";
import { type AppConfig, configSchema } from "./schema.ts";
import { isConsequence, parseSchema } from "./schema-problems.ts";
import { type Path, positionAt, SourceMap } from "./source-map.ts";
import { normalizeSpelling } from "./spelling.ts";
import { subAppProblems } from "./sub-app.ts";
import { findUnknownKeys } from "./unknown-keys.ts";
import { findWordProblems } from "./words.ts";

/** A configuration that was found, and its text. */
export interface ConfigSource extends ConfigLocation {
  text: string;
  parse: FormatParser;
  /** What completes it; without it, what it lacks is an error. */
  describe?: Describe;
}

/** None was found: it is what the app's folder says. */
export interface NoConfig extends BareFolder {
  describe: Describe;
}

/** @throws ConfigError with every error of the configuration; with `strict`, unknown keys too */
export function checkConfig(
  source: ConfigSource | NoConfig,
  options: { strict: boolean; limits?: ConfigLimits },
): LoadedConfig {
  const { root, file, describe } = source;
  const text = source.file === null ? "" : source.text;
  const parsed =
    source.file === null
      ? { value: {}, map: new SourceMap(""), problems: [] }
      : parseConfig(source, options.limits ?? DEFAULT_LIMITS);
  const spelled = normalizeSpelling(parsed.value);
  const { config: moved, moved: movedKeys } = moveMisplacedKeys(spelled.value);
  const pathInFile = (at: Path) =>
    spelled.originalPath(movedKeys.find(({ to }) => samePath(to, at))?.from ?? at);
  const mayDiffer = unusualNumbers(text);
  const numberText: NumberText = (at, value) =>
    mayDiffer(value) ? plainNumber(parsed.map.raw(pathInFile(at))) : undefined;

  const isNone = source.file === null;
  const { config: complete, ...draft } = describe
    ? draftMissing(moved, { isNone, describe })
    : { config: moved, drafted: [], manifests: [] };
  const schema = parseSchema(complete);
  const checked = schema.config && checkRules(schema.config, schema.source, numberText);
  const rules = (checked?.problems ?? []).filter((rule) => !isConsequence(rule, schema.problems));
  const unknown = findUnknownKeys(configSchema, moved).map(unknownKeyProblem);
  const locate = (problem: RuleProblem) => locateProblem(problem, parsed.map, pathInFile);
  const at = (severity: ConfigProblem["severity"]) => (problem: RuleProblem) => ({
    severity: problem.severity ?? severity,
    message: `${formatPath(problem.path)}: ${problem.message}`,
    position: locate(problem),
    hint: problem.hint,
  });
  const problems: ConfigProblem[] = [
    ...parsed.problems,
    ...movedKeys.map(misplacedKeyProblem).map(at("warning")),
    ...unknown.map(at(options.strict ? "error" : "warning")),
    ...(source.file === null ? [] : ignoredFileProblems(source)),
    ...[...schema.problems, ...rules].map(at("error")),
  ];
  if (checked === null || problems.some(({ severity }) => severity === "error")) {
    throw new ConfigError(problems, { file, text });
  }
  const { config, rendered, credentials } = checked;
  const { names, fields } = rendered;
  const place: LoadedConfig["locate"] = (path, part) => parsed.map.locate(pathInFile(path), part);
  const result = {
    root,
    place: root,
    file,
    text,
    ...draft,
    config,
    rendered: names,
    fields,
    credentials,
  };
  return { ...result, warnings: problems, locate: place };
}

// --- internal ---

function samePath(a: Path, b: Path): boolean {
  return a.length === b.length && a.every((part, index) => part === b[index]);
}

function unknownKeyProblem({ path, guess }: ReturnType<typeof findUnknownKeys>[number]) {
  const hint = guess === undefined ? "see nua-build schema" : `did you mean "${guess}"?`;
  return { path, message: "unknown key", hint, part: "key" } as const;
}

function misplacedKeyProblem({ from, to }: { from: Path; to: Path }): RuleProblem {
  const hint = `write it as ${formatPath(to)}`;
  return { path: from, message: "it belongs in another place", hint, part: "key" };
}

function ignoredFileProblems({ root, file, ignored }: ConfigSource): ConfigProblem[] {
  return ignored.map((other) => ({
    severity: "warning",
    message: `${relative(root, other)} is not read: ${relative(root, file)} comes first`,
    position: { line: 1, column: 1 },
  }));
}

/** The very brace where one is wrong, else the value; the key where that is meant. */
function locateProblem(
  { path, part = "value", excerpt }: RuleProblem,
  map: SourceMap,
  pathInFile: (path: Path) => Path,
): Position {
  const entry = map.find(pathInFile(path));
  if (entry && excerpt) {
    const begin = map.text.indexOf(excerpt.text, entry.value);
    // Directly after its quotes, or the file writes it in another way.
    const isThere = begin >= 0 && /^['"]{0,3}$/.test(map.text.slice(entry.value, begin));
    if (isThere) return positionAt(map.text, begin + excerpt.index);
  }
  return map.locate(pathInFile(path), part);
}

interface CheckedRules {
  config: AppConfig;
  rendered: Rendered;
  credentials: Credential[];
  problems: RuleProblem[];
}

/** What no schema says. */
function checkRules(parsed: AppConfig, before: unknown, numberText: NumberText): CheckedRules {
  const faithful = restoreNumbers(before, parsed, numberText) as AppConfig;
  const { config, problems } = normalizeConfig(faithful, numberText);
  const rendered = renderConfig(config);
  const { problems: doubled, ...open } = takeCredentials(config, rendered);
  const inner = (subApp: AppConfig) => {
    const { fields, problems: braces } = renderConfig(subApp);
    const { problems: rules } = normalizeConfig(subApp, () => undefined);
    return [...rules, ...braces, ...ruleProblems(subApp, fields)];
  };
  return {
    ...open,
    problems: [
      ...problems,
      ...doubled,
      ...rendered.problems,
      ...ruleProblems(config, rendered.fields),
      ...findModuleProblems(config),
      ...subAppProblems(config, inner),
    ],
  };
}

/** Where the schema made text of a number, the text is the file's. */
function restoreNumbers(
  before: unknown,
  after: unknown,
  numberText: NumberText,
  path: Path = [],
): unknown {
  if (typeof before === "number" && typeof after === "string")
    return numberText(path, before) ?? after;
  if (Array.isArray(after) && Array.isArray(before)) {
    return after.map((item, index) =>
      restoreNumbers(before[index], item, numberText, [...path, index]),
    );
  }
  if (!isObject(after) || !isObject(before)) return after;
  const entries = Object.entries(after).map(([key, value]) => [
    key,
    restoreNumbers(before[key], value, numberText, [...path, key]),
  ]);
  return Object.fromEntries(entries);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object";
}

/** Those that mean a language. */
const LANGUAGE_METHODS = LANGUAGES.flatMap(({ method }) => method ?? []);

function ruleProblems(config: AppConfig, fields: FormattedFields): RuleProblem[] {
  const problems: RuleProblem[] = [
    ...findNameProblems(config.metadata),
    ...findWordProblems(config, fields),
  ];
  for (const key of ["method", "default-method"] as const) {
    const method = config.build?.[key];
    if (!method || method === "build" || LANGUAGE_METHODS.includes(method)) continue;
    const path = ["build", key];
    if (method !== "wrap") {
      const all = ["build", "wrap", ...LANGUAGE_METHODS];
      const hint = `use ${all.slice(0, -1).join(", ")} or ${all.at(-1)}`;
      problems.push({ path, message: `"${method}" is not a method`, hint });
    } else if (fields.baseImage === "" && !(key === "default-method" && config.build?.method)) {
      problems.push({ path, message: "wrap needs an image", hint: "name it in build.base-image" });
    }
  }
  try {
    parseBuilder(fields.builder);
  } catch (error) {
    if (!(error instanceof UnknownRuntime)) throw error;
    const path = ["build", config.build?.builder ? "builder" : "builders"];
    problems.push({ path, message: error.message, hint: error.hint });
  }
  return problems;
}
