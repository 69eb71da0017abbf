/**
 * A small server of Hex's that speaks what Hex and Mix do: the signed index, archives of packages, and
 * the list from which Mix installs Hex itself; with a key of its own. Source: hexpm/specifications,
 * "Endpoints", "Package tarball", "Registry v2"; Mix.Tasks.Local.Hex.
 */
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { gzipSync } from "node:zlib";
import { tarBytes } from "./tar-bytes.ts";

export interface HexSource {
  name: string;
  version: string;
  /** By path. */
  files: Readonly<Record<string, string | Uint8Array>>;
  /** Name -> requirement. */
  needs?: Readonly<Record<string, string>>;
  /** What builds it; by itself Mix. */
  tools?: readonly string[];
}

/** Hex itself, as an archive of Mix's. */
export interface HexBuild {
  version: string;
  bytes: Uint8Array;
  /** The oldest Elixir that it is for. */
  elixir: string;
}

export interface HexServer extends Disposable {
  port: number;
  /** Base64 of the public key, in one line. */
  key: string;
  /** Paths that were asked for. */
  asked: string[];
}

export function startHexServer(
  sources: readonly HexSource[],
  { builds = [], port = 0 }: { builds?: readonly HexBuild[]; port?: number } = {},
): HexServer {
  const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const signed = (text: Uint8Array) => sign("sha512", text, keys.privateKey);
  const packages = sources.map((source) => ({ source, ...packageArchive(source) }));
  const list = Buffer.from(builds.map(buildLine).join(""));
  const files = new Map<string, Uint8Array>([
    ["/names", signedIndex(namesMessage(packages), signed)],
    ["/versions", signedIndex(versionsMessage(packages), signed)],
    ...namesOf(packages).map(
      (name) => [`/packages/${name}`, signedIndex(packageMessage(name, packages), signed)] as const,
    ),
    ...packages.map(
      ({ source: { name, version }, bytes }) =>
        [`/tarballs/${name}-${version}.tar`, bytes] as const,
    ),
    ["/installs/hex-1.x.csv", list],
    ["/installs/hex-1.x.csv.signed", Buffer.from(signed(list).toString("base64"))],
    ...builds.map(
      ({ version, bytes, elixir }) => [`/installs/${elixir}/hex-${version}.ez`, bytes] as const,
    ),
  ]);
  const asked: string[] = [];
  const server = Bun.serve({
    port,
    hostname: "0.0.0.0",
    fetch(request) {
      const { pathname } = new URL(request.url);
      asked.push(pathname);
      const file = files.get(pathname);
      if (file === undefined) return new Response("", { status: 404 });
      return new Response(new Uint8Array(file), { headers: { etag: `"${hex(file, "md5")}"` } });
    },
  });
  const key = keys.publicKey.export({ type: "spki", format: "der" }).toString("base64");
  return { port: server.port ?? 0, key, asked, [Symbol.dispose]: () => void server.stop(true) };
}

export interface PackageArchive {
  bytes: Buffer;
  /** Of its parts, and of the whole. */
  inner: Buffer;
  outer: Buffer;
}

/** A package is a tar of a version, a checksum, its metadata and its files. */
export function packageArchive(source: HexSource): PackageArchive {
  const members = Object.entries(source.files).map(([name, content]) => ({ name, content }));
  const contents = gzipSync(tarBytes(members));
  const metadata = Buffer.from(metadataText(source));
  const inner = sha256(Buffer.concat([Buffer.from("3"), metadata, contents]));
  const bytes = tarBytes([
    { name: "VERSION", content: "3" },
    { name: "CHECKSUM", content: inner.toString("hex").toUpperCase() },
    { name: "metadata.config", content: metadata },
    { name: "contents.tar.gz", content: contents },
  ]);
  return { bytes, inner, outer: sha256(bytes) };
}

/** The entry of a package in mix.lock. */
export function lockEntry(source: HexSource): string {
  const { name, version, needs = {}, tools = ["mix"] } = source;
  const { inner, outer } = packageArchive(source);
  const wanted = Object.entries(needs).map(
    ([one, wish]) => `{:${one}, "${wish}", [hex: :${one}, repo: "hexpm", optional: false]}`,
  );
  const managers = tools.map((tool) => `:${tool}`).join(", ");
  return `  "${name}": {:hex, :${name}, "${version}", "${inner.toString("hex")}", [${managers}], [${wanted.join(", ")}], "hexpm", "${outer.toString("hex")}"},\n`;
}

// --- internal ---

interface Package extends PackageArchive {
  source: HexSource;
}

type Sign = (text: Uint8Array) => Buffer;

function namesOf(packages: readonly Package[]): string[] {
  return [...new Set(packages.map(({ source }) => source.name))];
}

/** `Signed`, compressed. */
function signedIndex(payload: Buffer, signed: Sign): Buffer {
  return gzipSync(Buffer.concat([field(1, payload), field(2, signed(payload))]));
}

function namesMessage(packages: readonly Package[]): Buffer {
  const all = namesOf(packages).map((name) => field(1, field(1, name)));
  return Buffer.concat([...all, field(2, "hexpm")]);
}

function versionsMessage(packages: readonly Package[]): Buffer {
  const all = namesOf(packages).map((name) => {
    const own = packages.filter(({ source }) => source.name === name);
    return field(
      1,
      Buffer.concat([field(1, name), ...own.map(({ source }) => field(2, source.version))]),
    );
  });
  return Buffer.concat([...all, field(2, "hexpm")]);
}

function packageMessage(name: string, packages: readonly Package[]): Buffer {
  const releases = packages
    .filter(({ source }) => source.name === name)
    .map(({ source: { version, needs = {} }, inner, outer }) =>
      Buffer.concat([
        field(1, version),
        field(2, inner),
        ...Object.entries(needs).map(([one, wish]) =>
          field(3, Buffer.concat([field(1, one), field(2, wish), field(4, one)])),
        ),
        field(5, outer),
      ]),
    );
  return Buffer.concat([
    ...releases.map((release) => field(1, release)),
    field(2, name),
    field(3, "hexpm"),
  ]);
}

/** A field with a length before it, as protocol buffers have texts, bytes and messages. */
function field(number: number, value: string | Uint8Array): Buffer {
  const bytes = Buffer.from(value as Uint8Array);
  return Buffer.concat([Buffer.from([(number << 3) | 2]), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}

/** Terms of Erlang. */
function metadataText({ name, version, files, needs = {}, tools = ["mix"] }: HexSource): string {
  const text = (value: string) => `<<"${value}">>`;
  const list = (values: readonly string[]) => `[${values.join(",")}]`;
  const wanted = Object.entries(needs).map(([one, wish]) =>
    list([
      `{<<"name">>,${text(one)}}`,
      `{<<"app">>,${text(one)}}`,
      '{<<"optional">>,false}',
      `{<<"requirement">>,${text(wish)}}`,
      '{<<"repository">>,<<"hexpm">>}',
    ]),
  );
  const rows: [string, string][] = [
    ["app", text(name)],
    ["build_tools", list(tools.map(text))],
    ["description", text("For tests")],
    ["files", list(Object.keys(files).map(text))],
    ["licenses", list([text("MIT")])],
    ["name", text(name)],
    ["requirements", list(wanted)],
    ["version", text(version)],
  ];
  return rows.map(([key, value]) => `{<<"${key}">>,${value}}.\n`).join("");
}

function buildLine({ version, bytes, elixir }: HexBuild): string {
  return `${version},${hex(bytes, "sha512")},${elixir}\n`;
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}

function hex(bytes: Uint8Array, algorithm: string): string {
  return createHash(algorithm).update(bytes).digest("hex");
}
