/** Pure: version constraints of Poetry and Pipenv, as ranges of PEP 440. */
import { isRange, isVersion } from "./requirement.ts";

/**
 * The ranges of which one has to hold; "" is any version. Null where the text is none.
 * Source: Poetry, "Dependency specification".
 */
export function readConstraint(text: string): string[] | null {
  if (text.length > LONGEST) return null;
  const found = text.split(/\s*\|\|?\s*/).map(readRange);
  return found.includes(null) ? null : found.filter((one) => one !== null);
}

// --- internal ---

const LONGEST = 2048;

function readRange(text: string): string | null {
  const parts = text
    .trim()
    .replace(/(\^|~=?|[<>=!]=?=?)\s+/g, "$1")
    .split(/\s*,\s*|\s+/)
    .filter((part) => part !== "");
  const clauses = parts.map(readClause);
  if (clauses.includes(null)) return null;
  const all = clauses.filter((clause) => clause !== "").join(",");
  return all === "" || isRange(all) ? all : null;
}

function readClause(part: string): string | null {
  if (/^(==)?\*$/.test(part)) return "";
  const caret = /^\^v?(.+)$/.exec(part)?.[1];
  if (caret !== undefined) return upTo(caret, caretEnd);
  const tilde = /^~v?([^=].*)$/.exec(part)?.[1];
  if (tilde !== undefined) return upTo(tilde, tildeEnd);
  if (/^[<>=!~]/.test(part)) return part.replace(/^=(?!=)/, "==");
  return isVersion(part.replace(/\.[*x]$/i, "")) ? `==${part.replace(/\.x$/i, ".*")}` : null;
}

function upTo(version: string, end: (numbers: number[]) => number[]): string | null {
  const plain = version.replace(/(\.\*)+$/, "");
  if (!isVersion(plain)) return null;
  const numbers = (/^[\d.]+/.exec(plain)?.[0] ?? "").split(".").filter(Boolean).map(Number);
  return `>=${plain},<${end(numbers).join(".")}`;
}

/** The first number that is not 0 may not grow. */
function caretEnd(numbers: number[]): number[] {
  const first = numbers.findIndex((number) => number !== 0);
  const at = first < 0 ? numbers.length - 1 : first;
  return [...numbers.slice(0, at), (numbers[at] ?? 0) + 1];
}

function tildeEnd(numbers: number[]): number[] {
  const at = Math.min(1, numbers.length - 1);
  return [...numbers.slice(0, at), (numbers[at] ?? 0) + 1];
}
