/**
 * What the checksum database of Go says of a module, proven: the record is in the tree that the
 * database has signed. Whoever hands it out cannot change it. Source: go.dev/design/25530-sumdb;
 * RFC 6962, 2.1; golang.org/x/mod/sumdb.
 */
import { createHash, createPublicKey, verify } from "node:crypto";
import { NuaError } from "../../../lib/errors.ts";
import { withSlash } from "../../../lib/urls.ts";
import { GO_SUMDB_VARIABLE } from "../../../registries/go.ts";

/** @returns null where there is nothing of that name */
export type ReadDatabase = (path: string) => Promise<Buffer | null>;

const GO_NAME = "sum.golang.org";

/** Another name of the same. */
const CHINA = "sum.golang.google.cn";

/** Source: Go, cmd/go/internal/modfetch/key.go. */
export const GO_DATABASE = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";

export interface Database {
  /** NAME+HASH+KEY. */
  key: string;
  /** Where it is asked: the first that answers. */
  addresses: string[];
}

/**
 * As GOSUMDB has it: `off`, a name that Go knows, or NAME+HASH+KEY; either with an address, which then
 * is the only one that is asked. Source: Go, cmd/go/internal/modfetch/sumdb.go, dbDial.
 * @param proxy the module proxy, which may hand it out as well
 * @returns null: nothing is checked
 * @throws NuaError (input) for what is none of these
 */
export function parseSumdb(setting: string, proxy: string): Database | null {
  const words = setting.trim().split(/\s+/).filter(Boolean);
  if (words[0] === "off") return null;
  const [name = GO_NAME, address, ...more] =
    words[0] === CHINA && words.length === 1 ? [GO_NAME, `https://${CHINA}`] : words;
  const key = name === GO_NAME ? GO_DATABASE : name;
  const isKey =
    /^[\w.-]+(?:\/[\w.-]+)*\+[0-9a-f]{8}\+[A-Za-z0-9+/]+=*$/.test(key) && isEd25519(key);
  if (!isKey || more.length > 0 || !(address === undefined || /^https?:\/\/\S+$/.test(address))) {
    throw new NuaError(
      "input",
      `Check Go: "${setting.trim().slice(0, 120)}" is no checksum database`,
      {
        hint: `write NAME+HASH+KEY, perhaps with an address behind it, ${GO_NAME}, or off (${GO_SUMDB_VARIABLE})`,
      },
    );
  }
  if (address !== undefined) return { key, addresses: [withSlash(address)] };
  const owner = key.split("+")[0]!;
  return { key, addresses: [`${proxy}sumdb/${owner}/`, `https://${owner}/`] };
}

/**
 * @param key NAME+HASH+KEY of the database, as GOSUMDB has it
 * @param read a file of the database, below its address
 * @returns the h1 hash of the module; null where the database does not know it
 * @throws NuaError (input) for an answer that is not what the database has signed
 */
export async function provenHash(
  { module, version }: { module: string; version: string },
  key: string,
  read: ReadDatabase,
): Promise<string | null> {
  const answer = await read(`lookup/${module}@${version}`);
  if (answer === null) return null;
  const { id, record, tree } = parseLookup(answer.toString("utf8"), key);
  if (id >= tree.size) throw altered("the record is not in the tree");
  const leaf = hash(Buffer.from([0]), Buffer.from(record));
  const root = await rootWith({ leaf, id, low: 0, high: tree.size }, tileReader(read, tree.size));
  if (!root.equals(tree.root)) throw altered("the record is not the one in the tree");
  const line = record.split("\n").find((one) => one.startsWith(`${module} ${version} h1:`));
  if (line === undefined) throw altered("the record is one of another module");
  return line.split(" ")[2]!;
}

// --- internal ---

/** Of a tile: 2^8 hashes. */
const HEIGHT = 8;
const WIDTH = 256;

/** Before the key is the number of its algorithm. */
function isEd25519(database: string): boolean {
  const bytes = Buffer.from(database.split("+").slice(2).join("+"), "base64");
  return bytes.length === 33 && bytes[0] === 1;
}

interface Tree {
  /** How many records it has. */
  size: number;
  root: Buffer;
}

/** The number of the record, the record, and the signed tree, with empty lines between. */
function parseLookup(text: string, key: string): { id: number; record: string; tree: Tree } {
  const [, id = "", record = "", note = ""] =
    /^(\d{1,15})\n([\s\S]*?\n)\n([\s\S]+)$/.exec(text) ?? [];
  if (note === "") throw altered("the answer is none of a checksum database");
  return { id: Number(id), record, tree: openTree(note, key) };
}

/** Source: golang.org/x/mod/sumdb/note: an empty line, then a line for each signature. */
function openTree(note: string, database: string): Tree {
  const [, text = "", lines = ""] = /^([\s\S]*?\n)\n([\s\S]+)$/.exec(note) ?? [];
  const [, owner = "", id = "", key = ""] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(database) ?? [];
  const signatures = lines.split("\n").flatMap((line) => {
    const [, name, encoded = ""] = /^— (\S+) (\S+)$/.exec(line) ?? [];
    const bytes = Buffer.from(encoded, "base64");
    return name === owner && bytes.toString("hex", 0, 4) === id ? [bytes.subarray(4)] : [];
  });
  // Before the key is the number of its algorithm: Ed25519.
  const x = Buffer.from(key, "base64").subarray(1).toString("base64url");
  const verifier = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  if (!signatures.some((one) => verify(null, Buffer.from(text), verifier, one))) {
    throw altered("its tree is not signed by it");
  }
  const [, size, root] = /^go\.sum database tree\n(\d{1,15})\n(\S+)\n/.exec(text) ?? [];
  if (root === undefined) throw altered("its tree cannot be read");
  return { size: Number(size), root: Buffer.from(root, "base64") };
}

/** The hash of a part of the tree that is complete: 2^level records, the `index`th of those. */
type StoredHash = (level: number, index: number) => Promise<Buffer>;

interface Part {
  leaf: Buffer;
  id: number;
  low: number;
  high: number;
}

/** The hash of a part with the record in it. */
async function rootWith(part: Part, stored: StoredHash): Promise<Buffer> {
  const { id, low, high } = part;
  if (high - low === 1) return part.leaf;
  const middle = low + halfOf(high - low);
  return id < middle
    ? node(await rootWith({ ...part, high: middle }, stored), await rootOf(middle, high, stored))
    : node(await rootOf(low, middle, stored), await rootWith({ ...part, low: middle }, stored));
}

async function rootOf(low: number, high: number, stored: StoredHash): Promise<Buffer> {
  const level = Math.log2(high - low);
  if (Number.isInteger(level)) return stored(level, low / (high - low));
  const middle = low + halfOf(high - low);
  return node(await rootOf(low, middle, stored), await rootOf(middle, high, stored));
}

/** The largest power of two below. */
function halfOf(count: number): number {
  let half = 1;
  while (half * 2 < count) half *= 2;
  return half;
}

function tileReader(read: ReadDatabase, size: number): StoredHash {
  const tiles = new Map<string, Promise<Buffer>>();
  return async (level, index) => {
    const tileLevel = Math.floor(level / HEIGHT);
    const count = 2 ** (level % HEIGHT);
    const first = index * count;
    const tile = Math.floor(first / WIDTH);
    const there = Math.floor(size / WIDTH ** tileLevel) - tile * WIDTH;
    const path = tilePath(tileLevel, tile, Math.min(there, WIDTH));
    const bytes = await (tiles.get(path) ?? tiles.set(path, readTile(read, path)).get(path)!);
    const start = (first % WIDTH) * 32;
    return combined(bytes.subarray(start, start + count * 32));
  };
}

async function readTile(read: ReadDatabase, path: string): Promise<Buffer> {
  // One that has been completed meanwhile may be all that there is.
  const bytes = (await read(path)) ?? (await read(path.replace(/\.p\/\d+$/, "")));
  if (bytes === null) throw altered(`it has no ${path}`);
  return bytes;
}

/** `tile/8/0/x001/x234/067`, and `.p/5` for one with five hashes. */
function tilePath(level: number, index: number, width: number): string {
  let path = String(index % 1000).padStart(3, "0");
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    path = `x${String(rest % 1000).padStart(3, "0")}/${path}`;
  }
  return `tile/${HEIGHT}/${level}/${path}${width === WIDTH ? "" : `.p/${width}`}`;
}

function combined(hashes: Buffer): Buffer {
  if (hashes.length === 32) return hashes;
  if (hashes.length < 32 || !Number.isInteger(Math.log2(hashes.length))) {
    throw altered("a part of its tree is too short");
  }
  const half = hashes.length / 2;
  return node(combined(hashes.subarray(0, half)), combined(hashes.subarray(half)));
}

function node(left: Buffer, right: Buffer): Buffer {
  return hash(Buffer.from([1]), left, right);
}

function hash(...parts: Buffer[]): Buffer {
  const sum = createHash("sha256");
  for (const part of parts) sum.update(part);
  return sum.digest();
}

function altered(reason: string): NuaError {
  return new NuaError("input", `Check Go by its checksum database: ${reason}`, {
    hint: "the module proxy or something before it changes what it hands out; use another",
  });
}
