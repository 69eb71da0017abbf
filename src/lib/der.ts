/** Pure: ASN.1 DER (ITU-T X.690), as far as certificates need it. */

export function encode(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag]), encodeLength(body.length), body]);
}

export function sequence(...parts: readonly Uint8Array[]): Buffer {
  return encode(0x30, ...parts);
}

/** A positive number, its bytes the largest first. */
export function integer(bytes: Uint8Array): Buffer {
  const isNegative = (bytes[0] ?? 0) >= 0x80;
  return encode(0x02, Buffer.from(isNegative ? [0] : []), bytes);
}

/** @param text such as "1.2.840.10045.4.3.2" */
export function objectId(text: string): Buffer {
  const [first = 0, second = 0, ...others] = text.split(".").map(Number);
  return encode(0x06, Buffer.from([first * 40 + second, ...others.flatMap(encodeSevenBits)]));
}

/** The name of a subject or issuer that has a common name only. */
export function commonName(text: string): Buffer {
  const value = encode(0x0c, Buffer.from(text, "utf8"));
  return sequence(encode(0x31, sequence(objectId("2.5.4.3"), value)));
}

/** @param unused how many of the last bits do not count */
export function bitString(bytes: Uint8Array, unused = 0): Buffer {
  return encode(0x03, Buffer.from([unused]), bytes);
}

export function octetString(bytes: Uint8Array): Buffer {
  return encode(0x04, bytes);
}

/** @param text YYMMDDhhmmssZ: years from 1950 to 2049 */
export function utcTime(text: string): Buffer {
  return encode(0x17, Buffer.from(text, "latin1"));
}

export const TRUE: Uint8Array = encode(0x01, Buffer.from([0xff]));

// --- internal ---

function encodeLength(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Buffer.from([0x80 + bytes.length, ...bytes]);
}

/** The highest bit says that another byte follows. */
function encodeSevenBits(value: number): number[] {
  const bytes = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) {
    bytes.unshift((rest % 128) + 128);
  }
  return bytes;
}
