/** Layers as engines write them, with every detail that one may ask for. */
import type { TarHeader } from "../../src/lib/tar/header.ts";
import { frameMember } from "../../src/lib/tar/write.ts";
import { TAR_END } from "./tar-bytes.ts";

export interface LayerMember extends Partial<TarHeader> {
  name: string;
  content?: string | Uint8Array;
  attributes?: Record<string, string>;
}

const TYPES: Readonly<Record<string, string>> = { "/": "5" };

/** A layer of these members, in that order; a name that ends with a slash is a folder. */
export function layerOf(...members: LayerMember[]): Buffer {
  const parts = members.map(({ content = "", attributes = {}, ...member }) => {
    const bytes = Buffer.from(content as string);
    const type = TYPES[member.name.at(-1) ?? ""] ?? "0";
    const header = { ...PLAIN, type, mode: type === "5" ? 0o755 : 0o644, ...member };
    const pax = Object.entries(attributes).map(
      ([key, value]) => [key, Buffer.from(value)] as const,
    );
    const frame = frameMember({ ...header, size: bytes.length, attributes: new Map(pax) });
    return Buffer.concat([frame.before, bytes, frame.after]);
  });
  return Buffer.concat([...parts, TAR_END]);
}

// --- internal ---

const PLAIN = { linkName: "", uid: 0, gid: 0, mtime: 1_700_000_000, device: [0, 0] } satisfies Omit<
  TarHeader,
  "name" | "size" | "type" | "mode"
>;
