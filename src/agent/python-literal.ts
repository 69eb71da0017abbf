/** Formats JSON values as Python literals. */

/** @throws TypeError for a value that JSON cannot hold */
export function pythonLiteral(value: unknown, indent = ""): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return String(value);
  // Every escape that JSON writes means the same in Python.
  if (typeof value === "string") return JSON.stringify(value);
  const inner = `${indent}    `;
  if (Array.isArray(value)) {
    return bracketed(
      "[",
      value.map((item) => pythonLiteral(item, inner)),
      "]",
      indent,
    );
  }
  if (typeof value === "object") {
    const entries = Object.entries(value).map(
      ([key, item]) => `${JSON.stringify(key)}: ${pythonLiteral(item, inner)}`,
    );
    return bracketed("{", entries, "}", indent);
  }
  throw new TypeError(`Write ${typeof value} as Python: JSON has no such value`);
}

// --- internal ---

function bracketed(open: string, items: readonly string[], close: string, indent: string): string {
  if (items.length === 0) return open + close;
  return `${open}\n${items.map((item) => `${indent}    ${item},\n`).join("")}${indent}${close}`;
}
