/** Small zip archives for tests. Source: APPNOTE.TXT, 4.3. */
import { crc32, deflateRawSync } from "node:zlib";

export interface ZipMember {
  name: string;
  text: string;
  /** As chmod has it; 0o644 by default. */
  mode?: number;
  /** The system that it was made on; Unix by default. */
  system?: number;
}

export function createZip(
  members: readonly ZipMember[],
  { deflate = false }: { deflate?: boolean } = {},
): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const { name, text, mode = 0o644, system = 3 } of members) {
    const plain = Buffer.from(text);
    const body = deflate ? deflateRawSync(plain) : plain;
    const path = Buffer.from(name);
    // Version 2.0, no flags, stored, midnight of 1980-01-01.
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(deflate ? 8 : 0, 4);
    common.writeUInt16LE(0x21, 8);
    common.writeUInt32LE(crc32(plain), 10);
    common.writeUInt32LE(body.length, 14);
    common.writeUInt32LE(plain.length, 18);
    common.writeUInt16LE(path.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), common, path, body]);
    const rest = Buffer.alloc(14);
    // A regular file, in the upper half of the external attributes.
    const kind = (mode & 0o170000) === 0 ? 0o100000 : 0;
    rest.writeUInt32LE(system === 3 ? ((kind | mode) << 16) >>> 0 : 0, 6);
    rest.writeUInt32LE(offset, 10);
    // Made by Unix: only then do the attributes hold a mode.
    const made = Buffer.from([0x14, system]);
    centrals.push(Buffer.concat([Buffer.from("PK\x01\x02"), made, common, rest, path]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

/** A wheel of one module that prints or serves something. Source: PEP 427. */
export function createWheel(name: string, version: string, init: string, main = ""): Buffer {
  const info = `${name}-${version}.dist-info`;
  const module = name === "psycopg2_binary" ? "psycopg2" : name;
  return createZip([
    { name: `${module}/__init__.py`, text: init },
    { name: `${module}/__main__.py`, text: main },
    {
      name: `${info}/METADATA`,
      text: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`,
    },
    {
      name: `${info}/WHEEL`,
      text: "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    },
    { name: `${info}/RECORD`, text: "" },
  ]);
}
