/**
 * Normalizes a configuration as the orchestrator expects it: environment as text, complete ports,
 * bare checksums.
 */

import type { NumberText } from "./number-text.ts";
import { ofThisPlatform } from "./platforms.ts";
import type { AppConfig } from "./schema.ts";
import type { Path } from "./source-map.ts";

/** A rule that a value breaks. */
export interface RuleProblem {
  path: Path;
  message: string;
  hint?: string;
  /** A warning does not stop anything; without it, an error. */
  severity?: "warning";
  /** Whether the key is meant or, without it, its value. */
  part?: "key" | "value";
  /** The part of a text that is meant: the whole text, and an index into it. */
  excerpt?: { text: string; index: number };
  /** The name that something else should have defined. */
  name?: string | undefined;
}

export interface NormalizedConfig {
  config: AppConfig;
  problems: RuleProblem[];
}

/** @param numberText the text of a number as it was written, by its path */
export function normalizeConfig(config: AppConfig, numberText: NumberText): NormalizedConfig {
  const problems: RuleProblem[] = [];
  const report: Report = (path, message, hint, part) =>
    problems.push({
      path,
      message,
      ...(hint === undefined ? {} : { hint }),
      ...(part === undefined ? {} : { part }),
    });
  const build = config.build && { ...config.build, ...sourceOf(config.build, problems, report) };
  return {
    problems,
    config: {
      ...config,
      ...(build === undefined ? {} : { build }),
      env: normalizeEnv(config.env ?? {}, numberText, report),
      port: normalizePorts(config.port ?? {}, report),
    },
  };
}

// --- internal ---

type Report = (path: Path, message: string, hint?: string, part?: "key") => void;

/** Of tables by platform the texts of this one. */
function sourceOf(
  build: NonNullable<AppConfig["build"]>,
  problems: RuleProblem[],
  report: Report,
): { "src-url"?: string; "src-checksum"?: string } {
  const pick = (key: "src-url" | "src-checksum") =>
    ofThisPlatform(build[key], ["build", key], (problem) => problems.push(problem));
  const url = pick("src-url");
  return {
    ...(url === undefined ? {} : { "src-url": url }),
    ...checksumOf(pick("src-checksum"), report),
  };
}

function checksumOf(checksum: string | undefined, report: Report): { "src-checksum"?: string } {
  if (!checksum) return {};
  const bare = checksum
    .trim()
    .toLowerCase()
    .replace(/^sha256:/, "");
  if (!/^[0-9a-f]{64}$/.test(bare)) {
    report(
      ["build", "src-checksum"],
      "expected a SHA-256: 64 hexadecimal digits",
      checksum.includes("://") ? CHECKSUM_FILE : "print it with: sha256sum FILE",
    );
  }
  return { "src-checksum": bare };
}

const CHECKSUM_FILE =
  "copy the digits: a file beside the archive vouches for no more than its server does";

/** Keys of a selector that the orchestrator takes for true unless they are empty. */
const SWITCHES: ReadonlySet<string> = new Set(["persistent", "nua_internal"]);

function normalizeEnv(
  env: Record<string, unknown>,
  numberText: NumberText,
  report: Report,
): Record<string, unknown> {
  const leaf = (value: unknown, path: Path): string => {
    if (typeof value === "number") return numberText(path, value) ?? pythonText(value);
    if (value === null || (typeof value === "object" && !Array.isArray(value))) {
      report(path, "expected text, a number, true or false");
    }
    return pythonText(value);
  };
  const entries = Object.entries(env).map(([key, value]) => {
    const path = ["env", key];
    if (value === null || typeof value !== "object" || Array.isArray(value)) {
      return [key, leaf(value, path)];
    }
    const inner = Object.entries(value).map(([name, item]) => [
      name,
      item === false && SWITCHES.has(name) ? "" : leaf(item, [...path, name]),
    ]);
    return [key, Object.fromEntries(inner)];
  });
  return Object.fromEntries(entries);
}

/** A value as Python's str() prints it: what apps find in their environment today. */
export function pythonText(value: unknown, nested = false): string {
  if (value === true) return "True";
  if (value === false) return "False";
  if (value === null || value === undefined) return "None";
  if (Array.isArray(value)) return `[${value.map((item) => pythonText(item, true)).join(", ")}]`;
  if (typeof value === "object") {
    const pairs = Object.entries(value).map(([k, item]) => `'${k}': ${pythonText(item, true)}`);
    return `{${pairs.join(", ")}}`;
  }
  if (typeof value === "string" && nested) return pythonQuote(value);
  return String(value);
}

function pythonQuote(text: string): string {
  const escaped = text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\t", "\\t");
  if (escaped.includes("'") && !escaped.includes('"')) return `"${escaped}"`;
  return `'${escaped.replaceAll("'", "\\'")}'`;
}

type Ports = NonNullable<AppConfig["port"]>;

function normalizePorts(ports: Ports, report: Report): Ports {
  const entries = Object.entries(ports).map(([name, port]) => {
    const path = ["port", name];
    const host = emptyAsNull(port.host);
    const proxy = emptyAsNull(port.proxy);
    const protocol = (port.protocol ?? "tcp").trim().toLowerCase();
    if (name !== "web" && host === null && proxy === null) {
      report(path, "expected host or proxy", "only the port named web may have neither", "key");
    }
    if (protocol !== "tcp" && protocol !== "udp") {
      report([...path, "protocol"], `"${protocol}" is not a protocol`, "use tcp or udp");
    }
    const ssl = port.ssl ?? true;
    const web = name === "web" || proxy !== null;
    return [name, { container: port.container, host, proxy, protocol, ssl, web }];
  });
  return Object.fromEntries(entries);
}

function emptyAsNull<Value>(value: Value | null | undefined): Value | null {
  if (value === undefined || value === null) return null;
  return typeof value === "object" && Object.keys(value).length === 0 ? null : value;
}
