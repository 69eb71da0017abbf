/**
 * Which version of Node an app's files ask for. Pure.
 *
 * `engines.node` says which versions will do. Of these it is the one that the first of these files
 * names: .nvmrc, .node-version, mise.toml, .tool-versions, volta.node and devEngines.runtime of
 * package.json. A file that names another one is told of.
 */
import { parseTOML } from "confbox/toml";
import { NuaError } from "../../lib/errors.ts";
import type { Origin } from "../../protocol/planned-action.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import { lineOf, type Manifest, readManifest } from "./app/manifest.ts";
import { bothRanges, nodeRange } from "./node-version.ts";

export interface NodePin {
  /** Of semver; "*": any. */
  range: string;
  from: Origin;
}

export interface NodePins {
  /** Null where no file says anything. */
  pin: NodePin | null;
  warnings: string[];
}

/** @throws NuaError (input) for a file that names no version */
export function nodePins(tree: SourceTree): NodePins {
  const manifest = readManifest(tree);
  const engines = ofManifest(tree, manifest, ["engines", "node"]);
  const named = [
    ofLines(tree, ".nvmrc"),
    ofLines(tree, ".node-version"),
    ...MISE_FILES.map((file) => ofMise(tree, file)),
    ofToolVersions(tree),
    ofManifest(tree, manifest, ["volta", "node"]),
    ofDevEngines(tree, manifest),
  ].filter((one) => one !== null);
  const all = [...(engines === null ? [] : [engines]), ...named];
  const [first] = all;
  if (first === undefined) return { pin: null, warnings: [] };
  const warnings: string[] = [];
  let pin = first;
  let isNamed = engines === null;
  for (const one of all.slice(1)) {
    const range = bothRanges(one.range, pin.range);
    if (range === null) {
      warnings.push(
        `${formatPlace(one.from)} asks for Node ${one.range}, ` +
          `${formatPlace(pin.from)} for ${pin.range}: the latter counts`,
      );
    } else if (range !== pin.range) {
      // The first of the files that name one says more than engines; the others add nothing to it.
      pin = { range, from: isNamed ? pin.from : one.from };
      isNamed = true;
    }
  }
  return { pin, warnings };
}

// --- internal ---

/** mise.jdx.dev/configuration.html */
const MISE_FILES = ["mise.toml", ".mise.toml", "mise/config.toml", ".config/mise.toml"];

/** One version in the first line that is more than a comment. */
function ofLines(tree: SourceTree, file: string): NodePin | null {
  for (const [index, text] of linesOf(tree, file)) {
    const word = text.replace(/#.*/, "").trim();
    if (word !== "") return checked(word, { what: file, line: index });
  }
  return null;
}

/** `nodejs 20.11.0 18.0.0`: the first counts; `system` and `path:` are of one machine (asdf-vm.com) */
function ofToolVersions(tree: SourceTree): NodePin | null {
  for (const [line, text] of linesOf(tree, ".tool-versions")) {
    const [, word] = /^\s*node(?:js)?\s+([^\s#]+)/.exec(text) ?? [];
    if (word === undefined || /^(?:system$|path:|ref:)/.test(word)) continue;
    return checked(word, { what: ".tool-versions", line });
  }
  return null;
}

/** `[tools] node = "20"`, a list of these, or `{version = "20"}`. */
function ofMise(tree: SourceTree, file: string): NodePin | null {
  const text = tree.text(file);
  if (text === undefined) return null;
  const tools = recordOf(recordOf(parseToml(file, text)).tools);
  const asked = tools.node ?? tools.nodejs;
  const first = Array.isArray(asked) ? asked[0] : asked;
  const word = typeof first === "object" ? recordOf(first).version : first;
  if (word === undefined || /^(?:system$|path:|ref:)/.test(String(word))) return null;
  const index = text.split("\n").findIndex((line) => /^\s*["']?node(?:js)?["']?\s*=/.test(line));
  return checked(String(word), { what: file, ...(index < 0 ? {} : { line: index + 1 }) });
}

function ofManifest(tree: SourceTree, manifest: Manifest, keys: [string, string]): NodePin | null {
  const { raw, file } = manifest;
  const word = recordOf(raw[keys[0]])[keys[1]];
  if (typeof word !== "string" || word.trim() === "" || file === null) return null;
  return checked(word, originOf(tree, file, keys));
}

/** `{name: "node", version: "^22"}`, or a list of these (docs.npmjs.com, package.json, devEngines) */
function ofDevEngines(tree: SourceTree, { raw, file }: Manifest): NodePin | null {
  const { runtime } = recordOf(raw.devEngines);
  const all = (Array.isArray(runtime) ? runtime : [runtime]).map(recordOf);
  const word = all.find(({ name }) => name === "node")?.version;
  if (typeof word !== "string" || file === null) return null;
  return checked(word, originOf(tree, file, ["devEngines", "runtime"]));
}

function originOf(tree: SourceTree, file: string, keys: readonly string[]): Origin {
  const line = lineOf(tree, file, ...keys);
  return { what: file, ...(line === undefined ? {} : { line }) };
}

function checked(word: string, from: Origin): NodePin {
  const range = nodeRange(word);
  if (range !== null) return { range, from };
  throw new NuaError("input", `Read "${from.what}": "${word.slice(0, 80)}" is no version of Node`, {
    file: from.what,
    position: from.line === undefined ? undefined : { line: from.line, column: 1 },
    hint: 'write a version or a range, such as "22", "22.12.0", ">=20 <25" or "lts/*"',
  });
}

function linesOf(tree: SourceTree, file: string): [number, string][] {
  const text = tree.text(file) ?? "";
  return text.split(/\r?\n/).map((line, index) => [index + 1, line]);
}

function parseToml(file: string, text: string): unknown {
  try {
    return parseTOML(text.replaceAll("\r\n", "\n"));
  } catch (cause) {
    const { line, column } = (cause ?? {}) as Record<string, unknown>;
    const [problem = ""] = (cause as Error).message.split("\n");
    throw new NuaError("input", `Read "${file}": not valid TOML: ${problem}`, {
      ...{ file, cause },
      position: { line: Number(line) || 1, column: Math.max(1, Number(column) || 1) },
    });
  }
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function formatPlace({ what, line }: Origin): string {
  return line === undefined ? what : `${what}:${line}`;
}
