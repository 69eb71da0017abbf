/**
 * How the Nua orchestrator reads an archive, written from its rules: the outer tar is not
 * compressed; of its members only those named *.tar are looked into, each an uncompressed tar;
 * the first regular file of exactly the right name counts; the text is YAML.
 */
import { parse } from "yaml";

const BLOCK = 512;
const WANTED = "nua/metadata/nua-config.json";

interface Member {
  name: string;
  type: string;
  content: Uint8Array;
}

/** The nua-config of an archive. @throws Error when the orchestrator would find none */
export function readAsOrchestrator(archive: Uint8Array, layers = 1): unknown {
  const found = [...members(archive)]
    .filter(({ name }) => name.endsWith(".tar"))
    .flatMap(({ content }) => [...members(content)])
    .filter(({ name, type }) => name === WANTED && (type === "0" || type === "\0"));
  if (found.length !== layers) throw new Error(`${found.length} layers hold ${WANTED}`);
  const text = new TextDecoder().decode(found[0]!.content);
  if (text.includes("\t")) throw new Error("a tab is not YAML");
  return parse(text, { version: "1.1" });
}

// --- internal ---

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
