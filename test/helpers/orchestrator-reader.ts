/**
 * How the Nua orchestrator finds and reads an archive, written from its rules (T1 to T5 of the
 * contract): of the archives in a folder the highest version counts; the outer tar is not
 * compressed; of its members only those named *.tar are looked into, each an uncompressed tar;
 * the first regular file of exactly the right name counts; the text is YAML.
 */
import { basename } from "node:path";
import { compare, valid } from "@renovatebot/pep440";
import { parse } from "yaml";

const BLOCK = 512;
const WANTED = "nua/metadata/nua-config.json";

interface Member {
  name: string;
  type: string;
  content: Uint8Array;
}

/**
 * The archive that `image` in a deploy file means: `id`, `nua-id`, `id:tag`, or these with `.tar`.
 * @returns undefined when none of the files is it
 */
export function findAsOrchestrator(files: readonly string[], image: string): string | undefined {
  const wanted = image
    .trim()
    .toLowerCase()
    .replace(/\.tar$/, "")
    .replace(/^nua-/, "");
  const [id, tag] = wanted.split(":");
  return files
    .map((file) => ({ file, match: /^nua-([^:]+):(.+)\.tar$/.exec(basename(file)) }))
    .filter(({ match }) => match?.[1] === id && (tag === undefined || match?.[2] === tag))
    .sort((left, right) => compare(versionOf(right.match), versionOf(left.match)))[0]?.file;
}

/** The nua-config of an archive. @throws Error when the orchestrator would find none */
export function readAsOrchestrator(archive: Uint8Array): unknown {
  const found = [...members(archive)]
    .filter(({ name, type }) => name.endsWith(".tar") && type !== "2")
    .flatMap(({ content }) => [...members(content)])
    .filter(({ name, type }) => name === WANTED && (type === "0" || type === "\0"));
  // The first one wins, which need not be the topmost: so there has to be one only.
  if (found.length !== 1) throw new Error(`${found.length} layers hold ${WANTED}`);
  const text = new TextDecoder().decode(found[0]!.content);
  if (/\t|\\ud[89ab]/i.test(text)) throw new Error("PyYAML takes no tabs and no surrogates");
  return parse(text, { version: "1.1" });
}

// --- internal ---

/** What PEP 440 does not know sorts as 0. */
function versionOf(match: RegExpExecArray | null): string {
  return valid(match?.[2] ?? "") ?? "0";
}

function* members(tar: Uint8Array): Generator<Member> {
  let longName = "";
  for (let at = 0; at + BLOCK <= tar.length; ) {
    const header = tar.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) return;
    if (text(header, 257, 5) !== "ustar") throw new Error(`no tar header at ${at}`);
    const size = Number.parseInt(text(header, 124, 12), 8);
    const type = text(header, 156, 1);
    const content = tar.subarray(at + BLOCK, at + BLOCK + size);
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    if (type === "L") {
      longName = text(content, 0, size);
      continue;
    }
    const prefix = text(header, 345, 155);
    const name = longName || (prefix ? `${prefix}/` : "") + text(header, 0, 100);
    longName = "";
    yield { name, type: type || "0", content };
  }
}

function text(bytes: Uint8Array, begin: number, length: number): string {
  const field = bytes.subarray(begin, begin + length);
  const end = field.indexOf(0);
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end)).trim();
}
