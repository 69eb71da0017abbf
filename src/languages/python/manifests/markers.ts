/**
 * Pure: environment markers (PEP 508): decided as far as an image tells, and written again for what
 * only the container knows, such as its processor.
 */
import { satisfies } from "@renovatebot/pep440";

/** True and false are decided; what is not is left to pip. */
export type Marker = boolean | Comparison | { all: readonly Marker[] } | { any: readonly Marker[] };

export interface Comparison {
  variable: string;
  operator: string;
  value: string;
  /** Whether the variable is on the right: `"x" in extras`. */
  isReversed: boolean;
}

export interface MarkerEnvironment {
  /** "3.11" or "3.11.4"; undefined where any will do. */
  python: string | undefined;
  /** Extras and groups that are asked for. */
  extras: readonly string[];
  groups: readonly string[];
}

/** Decides what is known of the environment. */
export function decide(marker: Marker, environment: MarkerEnvironment): Marker {
  if (typeof marker === "boolean") return marker;
  if ("all" in marker) return allOf(marker.all.map((one) => decide(one, environment)));
  if ("any" in marker) return anyOf(marker.any.map((one) => decide(one, environment)));
  return compare(marker, environment) ?? marker;
}

export function allOf(markers: readonly Marker[]): Marker {
  const parts = distinct(markers.flatMap((one) => (isAll(one) ? one.all : [one])));
  if (parts.includes(false)) return false;
  const open = parts.filter((one) => one !== true);
  return open.length === 0 ? true : open.length === 1 ? open[0]! : { all: open };
}

export function anyOf(markers: readonly Marker[]): Marker {
  const parts = distinct(markers.flatMap((one) => (isAny(one) ? one.any : [one])));
  if (parts.includes(true)) return true;
  const open = parts.filter((one) => one !== false);
  return open.length === 0 ? false : open.length === 1 ? open[0]! : { any: open };
}

/** As pip reads it; empty for true. */
export function formatMarker(marker: Marker): string {
  if (marker === true) return "";
  if (marker === false) return 'python_version < "0"';
  if ("all" in marker) return marker.all.map((one) => nested(one, "any")).join(" and ");
  if ("any" in marker) return marker.any.map((one) => nested(one, "all")).join(" or ");
  const value = marker.value.includes('"') ? `'${marker.value}'` : `"${marker.value}"`;
  const { variable, operator } = marker;
  return marker.isReversed
    ? `${value} ${operator} ${variable}`
    : `${variable} ${operator} ${value}`;
}

// --- internal ---

/** Of every image. */
const PLATFORM: Readonly<Record<string, string>> = {
  os_name: "posix",
  sys_platform: "linux",
  platform_system: "Linux",
  platform_python_implementation: "CPython",
  implementation_name: "cpython",
};

const OTHERS = ["platform_machine", "platform_release", "platform_version"];
/** Those that a marker may name. */
export const VARIABLES: readonly string[] = [
  ...Object.keys(PLATFORM),
  ...OTHERS,
  ...["python_version", "python_full_version", "implementation_version"],
  ...["extra", "extras", "dependency_groups"],
];

function compare(one: Comparison, environment: MarkerEnvironment): boolean | undefined {
  const { variable, operator, value } = one;
  const { python, extras, groups } = environment;
  if (variable === "extra") {
    // Of several extras, each is compared: PEP 508 leaves that to tools, which all do it so.
    const isAsked = extras.includes(value);
    return operator === "==" ? isAsked : operator === "!=" ? !isAsked : undefined;
  }
  if (variable === "extras" || variable === "dependency_groups") {
    const isAsked = (variable === "extras" ? extras : groups).includes(value);
    return operator === "not in" ? !isAsked : isAsked;
  }
  const known = PLATFORM[variable];
  if (known !== undefined) return compareTexts(known, one);
  if (python === undefined) return undefined;
  if (variable === "python_version") {
    const short = python.split(".").slice(0, 2).join(".");
    return operator.endsWith("in") ? compareTexts(short, one) : fits(short, operator, value);
  }
  if (variable === "python_full_version") return compareFull(python, operator, value);
  return undefined;
}

function compareTexts(known: string, one: Comparison): boolean | undefined {
  const { operator, value, isReversed } = one;
  const isIn = isReversed ? known.includes(value) : value.includes(known);
  if (operator === "in" || operator === "not in") return (operator === "in") === isIn;
  if (operator === "==" || operator === "===") return known === value;
  return operator === "!=" ? known !== value : undefined;
}

/** Of a series such as 3.11 only what holds for all of its versions is known. */
function compareFull(python: string, operator: string, value: string): boolean | undefined {
  if (operator.endsWith("in")) return undefined;
  if (python.split(".").length > 2) return fits(python, operator, value);
  const isSingle = /^[=!]=/.test(operator) && !value.endsWith(".*");
  if (isSingle && value.startsWith(`${python}.`)) return undefined;
  const first = fits(`${python}.0`, operator, value);
  const last = fits(`${python}.999`, operator, value);
  return first === last ? first : undefined;
}

function fits(version: string, operator: string, value: string): boolean | undefined {
  if (!/^[\w.!+*-]+$/.test(value)) return undefined;
  try {
    return satisfies(version, `${operator}${value}`, { prereleases: true });
  } catch {
    return undefined;
  }
}

function isAll(marker: Marker): marker is { all: readonly Marker[] } {
  return typeof marker === "object" && "all" in marker;
}

function isAny(marker: Marker): marker is { any: readonly Marker[] } {
  return typeof marker === "object" && "any" in marker;
}

function nested(marker: Marker, kind: "all" | "any"): string {
  const text = formatMarker(marker);
  const isOther = typeof marker === "object" && kind in marker;
  return isOther && kind === "any" ? `(${text})` : text;
}

function distinct(markers: readonly Marker[]): Marker[] {
  const seen = new Map(markers.map((one) => [JSON.stringify(one), one]));
  return [...seen.values()];
}
