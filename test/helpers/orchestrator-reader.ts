/**
 * The Nua orchestrator's view of a folder of archives: the rules T1 to T5 of the contract
 * (docs), written from it and not from our reader; T6 needs an engine. It holds everything in
 * memory, as only a test may.
 */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { compare, valid } from "@renovatebot/pep440";
import { parseTar } from "nanotar";
import { parse as parseYaml } from "yaml";

/** Names under which a layer may hold the configuration, in the order of trial (T4). */
const CONFIG_NAMES = ["json", "toml", "yaml", "yml"].map((end) => `nua/metadata/nua-config.${end}`);

/**
 * T1, T2: the archive that `image` in a deploy file means.
 * @param image `id`, `nua-id`, `id:tag`, or one of these with `.tar`
 * @throws Error when there is none
 */
export function findForDeployment(folder: string, image: string): string {
  const [id = "", tag] = image
    .trim()
    .toLowerCase()
    .replace(/\.tar$/, "")
    .replace(/^nua-/, "")
    .split(":");
  const fitting = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => /^nua-.+\.tar$/.test(basename(path)))
    .map((path) => ({ path, ...splitName(basename(path)) }))
    .filter((found) => found.id === id && (tag === undefined || found.version === tag))
    .sort((left, right) => compareVersions(right.version, left.version));
  if (fitting[0] === undefined) throw new Error(`No image found: ${image}`);
  return join(folder, fitting[0].path);
}

/**
 * T3, T4, T5: the configuration as the orchestrator reads it out of an archive.
 * @throws Error when it could not
 */
export function readForDeployment(file: string): unknown {
  const layers = parseTar(readFileSync(file)).filter(({ name }) => name.endsWith(".tar"));
  const found: { name: string; text: string }[] = [];
  for (const layer of layers) {
    if (layer.type === "symlink" || layer.data === undefined) continue;
    assertPlainTar(layer.data, layer.name);
    const files = parseTar(layer.data);
    for (const name of CONFIG_NAMES) {
      const config = files.find((member) => member.name === name && member.type === "file");
      if (config) found.push({ name, text: config.text });
    }
  }
  const [first, second] = found;
  if (first === undefined) throw new Error("image non compatible Nua");
  // The first in member order wins, which need not be the topmost: so there must be one only.
  if (second) throw new Error("more than one layer holds a nua-config");
  if (!first.name.endsWith(".json")) throw new Error("the nua-config is not normalized");
  if (/\t|\\ud[89ab]/i.test(first.text)) throw new Error("PyYAML reads no tabs, no surrogates");
  return parseYaml(first.text, { version: "1.1" });
}

// --- internal ---

function splitName(name: string): { id: string; version: string } {
  const [id = "", version = ""] = name
    .replace(/^nua-/, "")
    .replace(/\.tar$/, "")
    .split(":");
  return { id, version };
}

/** What PEP 440 does not know sorts as 0. */
function compareVersions(left: string, right: string): number {
  return compare(valid(left) ?? "0", valid(right) ?? "0");
}

function assertPlainTar(data: Uint8Array, name: string): void {
  const isTar = Buffer.from(data.subarray(257, 262)).toString() === "ustar";
  const isEmpty = data.every((byte) => byte === 0);
  if (!isTar && !isEmpty) throw new Error(`${name} is not an uncompressed tar`);
}
