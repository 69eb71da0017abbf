/** The checksum database: what it says of a module is proven by its signed tree. */
import { describe, expect, test } from "bun:test";
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { parseSumdb, provenHash } from "../../../../src/languages/go/agent/sum-database.ts";

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const ID = "0badcafe";
const RAW = Buffer.from(publicKey.export({ format: "jwk" }).x!, "base64url");
const KEY = `sums.example+${ID}+${Buffer.concat([Buffer.from([1]), RAW]).toString("base64")}`;

const hash = (...parts: Buffer[]): Buffer =>
  createHash("sha256").update(Buffer.concat(parts)).digest();
const node = (left: Buffer, right: Buffer) => hash(Buffer.from([1]), left, right);
const recordOf = (index: number) =>
  `a.b/c v1.0.${index} h1:${index}=\na.b/c v1.0.${index}/go.mod h1:m=\n`;

/** A database of that many records, by its paths. */
function databaseOf(size: number): Map<string, Buffer> {
  const leaves = Array.from({ length: size }, (_, index) =>
    hash(Buffer.from([0]), Buffer.from(recordOf(index))),
  );
  const rootOf = (part: Buffer[]): Buffer => {
    if (part.length === 1) return part[0]!;
    const half = 2 ** (Math.ceil(Math.log2(part.length)) - 1);
    return node(rootOf(part.slice(0, half)), rootOf(part.slice(half)));
  };
  const text = `go.sum database tree\n${size}\n${rootOf(leaves).toString("base64")}\n`;
  const signature = Buffer.concat([
    Buffer.from(ID, "hex"),
    sign(null, Buffer.from(text), privateKey),
  ]);
  const note = `${text}\n— sums.example ${signature.toString("base64")}\n`;
  const files = new Map<string, Buffer>();
  leaves.forEach((_, index) => {
    const answer = `${index}\n${recordOf(index)}\n${note}`;
    files.set(`lookup/a.b/c@v1.0.${index}`, Buffer.from(answer));
  });
  let hashes: Buffer[] = [...leaves];
  for (let level = 0; hashes.length > 0; level += 1) {
    for (let at = 0; at < hashes.length; at += 256) {
      const tile = hashes.slice(at, at + 256);
      const end = tile.length === 256 ? "" : `.p/${tile.length}`;
      const number = String(at / 256).padStart(3, "0");
      files.set(`tile/8/${level}/${number}${end}`, Buffer.concat(tile));
    }
    const whole = Math.floor(hashes.length / 256);
    hashes = Array.from({ length: whole }, (_, at) =>
      rootOf(hashes.slice(at * 256, at * 256 + 256)),
    );
  }
  return files;
}

const ask = (files: Map<string, Buffer>, index: number) =>
  provenHash(
    { module: "a.b/c", version: `v1.0.${index}` },
    KEY,
    async (path) => files.get(path) ?? null,
  );

describe("is proven", () => {
  test.each([1, 2, 3, 255, 256, 257, 700, 1025])("in a tree of %i", async (size) => {
    const files = databaseOf(size);
    for (const index of new Set([0, 1, size >> 1, size - 1].filter((one) => one < size))) {
      expect(await ask(files, index)).toBe(`h1:${index}=`);
    }
  });

  test("with a tile that has been completed meanwhile", async () => {
    const files = databaseOf(700);
    const part = files.get("tile/8/0/002.p/188")!;
    files.delete("tile/8/0/002.p/188");
    files.set("tile/8/0/002", Buffer.concat([part, Buffer.alloc(68 * 32)]));
    expect(await ask(files, 699)).toBe("h1:699=");
  });
});

test("what it does not know is no error", async () => {
  expect(await ask(new Map(), 0)).toBeNull();
});

describe("is refused where", () => {
  const changed = (path: string, change: (text: string) => string) => {
    const files = databaseOf(300);
    files.set(path, Buffer.from(change(files.get(path)!.toString("latin1")), "latin1"));
    return files;
  };
  const LOOKUP = "lookup/a.b/c@v1.0.7";
  test.each<[string, () => Map<string, Buffer>, string]>([
    [
      "the record is another",
      () => changed(LOOKUP, (text) => text.replace("h1:7=", "h1:8=")),
      "not the one in the tree",
    ],
    [
      "the number is another",
      () => changed(LOOKUP, (text) => text.replace(/^7/, "8")),
      "not the one in the tree",
    ],
    [
      "it is beyond the tree",
      () => changed(LOOKUP, (text) => text.replace(/^7/, "900")),
      "not in the tree",
    ],
    [
      "the tree is another",
      () => changed(LOOKUP, (text) => text.replace("\n300\n", "\n301\n")),
      "not signed by it",
    ],
    [
      "a tile is another",
      () => changed("tile/8/0/000", (text) => `x${text.slice(1)}`),
      "not the one in the tree",
    ],
    ["a tile is shorter", () => changed("tile/8/0/000", (text) => text.slice(0, 100)), "too short"],
    ["it is a page", () => changed(LOOKUP, () => "<html>"), "none of a checksum database"],
    [
      "it is of another module",
      () => changed(LOOKUP, () => databaseOf(300).get("lookup/a.b/c@v1.0.8")!.toString("latin1")),
      "of another module",
    ],
  ])("%s", async (_, files, told) => {
    await expect(ask(files(), 7)).rejects.toThrow(told);
  });
});

describe("GOSUMDB", () => {
  const GO = "sum.golang.org+033de0ae+";
  test.each<[string, string, string[]]>([
    ["", GO, ["https://p/sumdb/sum.golang.org/", "https://sum.golang.org/"]],
    ["sum.golang.org", GO, ["https://p/sumdb/sum.golang.org/", "https://sum.golang.org/"]],
    ["sum.golang.org https://sums/x", GO, ["https://sums/x/"]],
    ["sum.golang.google.cn", GO, ["https://sum.golang.google.cn/"]],
    [KEY, KEY, ["https://p/sumdb/sums.example/", "https://sums.example/"]],
    [` ${KEY}  http://127.0.0.1:8081 `, KEY, ["http://127.0.0.1:8081/"]],
  ])("%j", (setting, key, addresses) => {
    const found = parseSumdb(setting, "https://p/")!;
    expect(found.addresses).toEqual(addresses);
    expect(found.key).toStartWith(key);
  });

  test("off", () => {
    expect(parseSumdb("off", "https://p/")).toBeNull();
  });

  test.each([
    "sums.example",
    "sums.example+0badcafe+AAAA",
    "sums.example+x+y",
    `${KEY} https://a https://b`,
    `${KEY} sums`,
  ])("%j is refused", (setting) => {
    expect(() => parseSumdb(setting, "https://p/")).toThrow("is no checksum database");
  });
});
