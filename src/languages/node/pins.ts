/**
 * Which version of Node an app's files ask for. Pure.
 *
 * `engines.node` says which versions will do. Of these it is the one that the first of these files
 * names: .nvmrc, .node-version, mise.toml, .tool-versions, volta.node and devEngines.runtime of
 * package.json. A file that names another one is told of.
 */
import { NuaError } from "../../lib/errors.ts";
import { formatOrigin, type Origin } from "../../protocol/planned-action.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import { type NamedVersion, namedVersion, versionInFile } from "../version-files.ts";
import { type Manifest, originOf, readManifest, recordOf } from "./app/manifest.ts";
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
    ofVersion(versionInFile(tree, ".nvmrc")),
    ofVersion(versionInFile(tree, ".node-version")),
    ofVersion(namedVersion(tree, ["node", "nodejs"])),
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
        `${formatOrigin(one.from)} asks for Node ${one.range}, ` +
          `${formatOrigin(pin.from)} for ${pin.range}: the latter counts`,
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

function ofVersion(named: NamedVersion | null): NodePin | null {
  return named === null ? null : checked(named.version, named.from);
}

function ofManifest(tree: SourceTree, manifest: Manifest, keys: [string, string]): NodePin | null {
  const { raw, file } = manifest;
  const word = recordOf(raw[keys[0]])[keys[1]];
  if (typeof word !== "string" || word.trim() === "" || file === null) return null;
  return checked(word, originOf(tree, file, ...keys));
}

/** `{name: "node", version: "^22"}`, or a list of these (docs.npmjs.com, package.json, devEngines) */
function ofDevEngines(tree: SourceTree, { raw, file }: Manifest): NodePin | null {
  const { runtime } = recordOf(raw.devEngines);
  const all = (Array.isArray(runtime) ? runtime : [runtime]).map(recordOf);
  const word = all.find(({ name }) => name === "node")?.version;
  if (typeof word !== "string" || file === null) return null;
  return checked(word, originOf(tree, file, "devEngines", "runtime"));
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
