/**
 * Python's `str.format` for keyword arguments, which configurations are written for:
 * `{version}`, `{tags[0]}`, `{release:03d}`, `{title!r}`, `{{` and `}}`.
 * Source: Python's library reference, "Format String Syntax".
 */
import { MAX_FORMATTED } from "./limits.ts";
import { pythonText } from "./normalize.ts";

/** A text that cannot be formatted. */
export class BraceError extends Error {
  /** The unknown name, when that is what is wrong. */
  readonly unknownName: string | undefined;
  /** Where in the text the brace is. */
  index = 0;

  constructor(message: string, unknownName?: string) {
    super(message);
    this.unknownName = unknownName;
  }
}

/**
 * @param depth how often a field may stand in the format of another, as Python has it
 * @throws BraceError for an unknown name, a brace that stands alone, a wrong format, or a result
 *   longer than MAX_FORMATTED
 */
export function formatBraces(
  template: string,
  names: Readonly<Record<string, unknown>>,
  depth = 1,
): string {
  if (!/[{}]/.test(template)) return template;
  let result = "";
  let at = 0;
  while (at < template.length) {
    if (result.length > MAX_FORMATTED) {
      throw located(new BraceError(`it becomes more than ${MAX_FORMATTED} characters`), at);
    }
    const character = template[at]!;
    if (character !== "{" && character !== "}") {
      result += character;
      at += 1;
    } else if (template[at + 1] === character) {
      result += character;
      at += 2;
    } else if (character === "}") {
      throw located(new BraceError('"}" stands alone: write "}}" for a brace'), at);
    } else {
      const end = closingBrace(template, at);
      try {
        result += formatField(template.slice(at + 1, end), names, depth);
      } catch (error) {
        throw located(error, at);
      }
      at = end + 1;
    }
  }
  return result;
}

// --- internal ---

const MAX_WIDTH = 1000;

function shortened(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`;
}

function closingBrace(template: string, begin: number): number {
  let depth = 0;
  for (let at = begin; at < template.length; at += 1) {
    if (template[at] === "{") depth += 1;
    if (template[at] === "}") depth -= 1;
    if (depth === 0) return at;
  }
  throw located(new BraceError('"{" is never closed: write "{{" for a brace'), begin);
}

function located(error: unknown, index: number): unknown {
  if (error instanceof BraceError) error.index = index;
  return error;
}

function formatField(
  field: string,
  names: Readonly<Record<string, unknown>>,
  depth: number,
): string {
  const match = /^([^!:[\].]*)((?:\.[^!:[\].]+|\[[^\]]+\])*)(?:!([rsa]))?(?::(.*))?$/s.exec(field);
  if (!match) throw new BraceError(`"{${shortened(field)}}" is not a field`);
  const [, name = "", steps = "", conversion, spec = ""] = match;
  if (name === "" || /^\d+$/.test(name)) {
    throw new BraceError(`"{${shortened(field)}}" names nothing: write "{{" and "}}" for braces`);
  }
  if (!Object.hasOwn(names, name)) throw new BraceError(`"${name}" is not known here`, name);
  const value = follow(names[name], steps, field);
  if (depth === 0 && spec.includes("{")) {
    throw new BraceError(`"{${shortened(field)}}" has a field within a field within a field`);
  }
  const format = formatBraces(spec, names, depth - 1);
  if (conversion === "r" || conversion === "a") return applyFormat(pythonText(value, true), format);
  return applyFormat(conversion === "s" ? pythonText(value) : value, format);
}

function follow(start: unknown, steps: string, field: string): unknown {
  let value = start;
  for (const [, attribute, index] of steps.matchAll(/\.([^.[\]]+)|\[([^\]]+)\]/g)) {
    const key = attribute ?? index ?? "";
    const isThere =
      attribute === undefined &&
      value !== null &&
      typeof value === "object" &&
      Object.hasOwn(value, key);
    if (!isThere) throw new BraceError(`"{${shortened(field)}}": there is no ${key}`);
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

const SPEC = /^(?:(.)?([<>=^]))?([ +-]?)(#?)(0?)(\d*)([,_]?)(?:\.(\d+))?([bcdeEfFgGnosxX%]?)$/su;

function applyFormat(value: unknown, spec: string): string {
  if (spec === "") return pythonText(value);
  const match = SPEC.exec(spec);
  if (!match) throw new BraceError(`":${shortened(spec)}" is not a format`);
  const [, fill, align, sign = "", alternate, zero, width = "", group = "", precision, type] =
    match;
  const isNumber = typeof value === "number";
  if (!isNumber && type !== undefined && type !== "" && type !== "s") {
    throw new BraceError(`":${shortened(spec)}" is a format for numbers`);
  }
  const digits = precision === undefined ? undefined : Number(precision);
  // The language's own limit for digits; and a width is for a column of text.
  if ((isNumber && (digits ?? 0) > 100) || Number(width) > MAX_WIDTH) {
    throw new BraceError(`":${shortened(spec)}" is too wide`);
  }
  const body = isNumber
    ? formatNumber(Math.abs(value), {
        type: type ?? "",
        digits,
        group,
        alternate: alternate !== "",
      })
    : pythonText(value).slice(0, digits);
  const lead = isNumber && (value < 0 || Object.is(value, -0)) ? "-" : sign === "-" ? "" : sign;
  return pad(isNumber ? lead : "", body, {
    fill: fill ?? (zero ? "0" : " "),
    align: align ?? (zero ? "=" : isNumber ? ">" : "<"),
    width: Number(width),
  });
}

interface NumberFormat {
  type: string;
  digits: number | undefined;
  group: string;
  alternate: boolean;
}

const BASES: Readonly<Record<string, number>> = { b: 2, o: 8, x: 16, X: 16 };

function formatNumber(value: number, { type, digits, group, alternate }: NumberFormat): string {
  const base = BASES[type];
  if (base !== undefined) {
    const text = (alternate ? `0${type.toLowerCase()}` : "") + Math.trunc(value).toString(base);
    return type === "X" ? text.toUpperCase() : text;
  }
  const fixed = (count: number) => value.toFixed(count);
  const text =
    type === "%"
      ? `${(value * 100).toFixed(digits ?? 6)}%`
      : "fF".includes(type) && type !== ""
        ? fixed(digits ?? 6)
        : "eE".includes(type) && type !== ""
          ? value.toExponential(digits ?? 6).replace(/e([+-])(\d)$/, "e$10$2")
          : digits !== undefined && "gG".includes(type)
            ? String(Number(value.toPrecision(digits || 1)))
            : String(value);
  if (group === "") return text;
  const [whole = "", ...rest] = text.split(".");
  return [whole.replace(/\B(?=(\d{3})+$)/g, group), ...rest].join(".");
}

function pad(
  lead: string,
  body: string,
  { fill, align, width }: { fill: string; align: string; width: number },
): string {
  const missing = Math.max(0, width - [...lead, ...body].length);
  if (align === "=") return lead + fill.repeat(missing) + body;
  const left = align === ">" ? missing : align === "^" ? Math.floor(missing / 2) : 0;
  return fill.repeat(left) + lead + body + fill.repeat(missing - left);
}
