/**
 * Pure: XML files of build tools, as elements with their lines. Entities that a document declares
 * are not expanded, and nothing else is read for it.
 */
import { parseXml, XmlElement, XmlError, XmlText } from "@rgrove/parse-xml";
import { NuaError } from "../lib/errors.ts";
import { rejectConflict } from "./merge-conflict.ts";

export interface XmlNode {
  /** Without the prefix of its namespace. */
  name: string;
  /** Of its own, without spaces around. */
  text: string;
  attributes: Readonly<Record<string, string>>;
  children: readonly XmlNode[];
  /** From 1. */
  line: number;
}

/** @throws NuaError (input) for what is no XML */
export function parseXmlFile(text: string, file: string): XmlNode {
  rejectConflict(file, text);
  if (text.length > MOST_CHARACTERS) {
    throw new NuaError("input", `Read "${file}": it is larger than people write`, {
      file,
      hint: `make it smaller than ${MOST_CHARACTERS} characters`,
    });
  }
  try {
    const { root } = parseXml(text, { includeOffsets: true, ignoreUndefinedEntities: true });
    if (root === null) throw new Error("there is no element");
    return nodeOf(root, lineFinder(text), 0);
  } catch (cause) {
    throw notXml(file, cause);
  }
}

/** The first child of that name; of several names, one below the other. */
export function childOf(node: XmlNode | undefined, ...names: string[]): XmlNode | undefined {
  return names.reduce<XmlNode | undefined>(
    (at, name) => at?.children.find((one) => one.name === name),
    node,
  );
}

export function childrenOf(node: XmlNode | undefined, ...names: string[]): readonly XmlNode[] {
  const last = names.at(-1);
  const parent = childOf(node, ...names.slice(0, -1));
  return parent?.children.filter(({ name }) => name === last) ?? [];
}

// --- internal ---

const MOST_CHARACTERS = 4 * 1024 * 1024;
const DEEPEST = 200;

function nodeOf(element: XmlElement, lineAt: (offset: number) => number, depth: number): XmlNode {
  if (depth > DEEPEST) throw new Error(`elements are more than ${DEEPEST} levels deep`);
  // Before those of its children: they come after it.
  const line = lineAt(element.start);
  const elements = element.children.filter((one) => one instanceof XmlElement);
  const texts = element.children.filter((one) => one instanceof XmlText);
  return {
    name: element.name.replace(/^.*:/, ""),
    text: texts
      .map((one) => one.text)
      .join("")
      .trim(),
    attributes: element.attributes,
    children: elements.map((one) => nodeOf(one, lineAt, depth + 1)),
    line,
  };
}

/** Offsets come in the order of the text. */
function lineFinder(text: string): (offset: number) => number {
  let at = 0;
  let line = 1;
  return (offset) => {
    for (; at < offset; at += 1) if (text.charCodeAt(at) === 10) line += 1;
    return line;
  };
}

function notXml(file: string, cause: unknown): NuaError {
  const { message } = cause as Error;
  const isDeep = cause instanceof RangeError;
  const reason = isDeep ? "its elements are nested too deeply" : (message.split("\n")[0] ?? "");
  const position =
    cause instanceof XmlError ? { position: { line: cause.line, column: cause.column } } : {};
  return new NuaError("input", `Read "${file}": not valid XML: ${plain(reason)}`, {
    ...{ file, cause, ...position },
    hint: "correct it; what is written in it is left as it is otherwise",
  });
}

/** Without the place, which is told apart. */
function plain(reason: string): string {
  return reason.replace(/\s*\(line \d+, column \d+\).*$/, "");
}
