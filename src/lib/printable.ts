/** Escapes control characters before text from elsewhere is printed on a terminal. */

/**
 * Control characters of both sets (ECMA-48: C0, DEL, C1) but for tab and line break, and those of
 * Unicode that show nothing or turn the order of what stands around them (UAX #9, "Bidirectional
 * formatting characters"; UTS #39, zero width), and both separators of lines.
 */
const STEERING =
  /(?![\t\n])[\p{Cc}\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

const ESCAPE = "\u001b";

/** "Select graphic rendition" (ECMA-48, 8.3.117): colours, and nothing else. */
const COLOUR = new RegExp(`${ESCAPE}\\[[\\d;:]{0,40}m`, "g");

/** Puts the number of each such character in its place, as JSON writes it: `\u001b`. */
export function printable(text: string): string {
  return text.replace(STEERING, escaped);
}

/** The same for text that has one line only: a line break could begin a line of somebody else's. */
export function printableLine(text: string): string {
  return printable(text).replaceAll("\n", "\\n");
}

/**
 * The same for a line of a build's output, which may be coloured: the line ends without colour.
 * @param colours whether they are shown; else they are left out
 */
export function printableOutput(line: string, colours: boolean): string {
  const text = line.replace(/\r+$/, "");
  const parts = text.split(COLOUR).map(printable);
  if (parts.length === 1 || !colours) return parts.join("");
  const marks = text.match(COLOUR) ?? [];
  return `${parts.map((part, index) => `${part}${marks[index] ?? ""}`).join("")}${ESCAPE}[0m`;
}

// --- internal ---

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}
