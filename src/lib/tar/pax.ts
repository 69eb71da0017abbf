/** Extended headers of the pax format: `LENGTH KEY=VALUE\n`, LENGTH counting the whole record. */
import { TarFormatError } from "./header.ts";

/**
 * By key. Values are bytes: those of extended attributes are no text.
 * @throws TarFormatError when a record does not end where its length says
 */
export function parsePaxRecords(bytes: Uint8Array): Map<string, Uint8Array> {
  const records = new Map<string, Uint8Array>();
  let begin = 0;
  while (begin < bytes.length) {
    const space = bytes.indexOf(0x20, begin);
    const digits = decode(bytes.subarray(begin, space < 0 ? begin : space));
    const end = begin + Number(digits);
    const isRecord = /^[1-9]\d{0,9}$/.test(digits) && end <= bytes.length && end > space + 1;
    if (!isRecord || bytes[end - 1] !== 0x0a) throw new TarFormatError("its pax header is damaged");
    const record = bytes.subarray(space + 1, end - 1);
    const equals = record.indexOf(0x3d);
    if (equals <= 0) throw new TarFormatError("its pax header is damaged");
    records.set(decode(record.subarray(0, equals)), record.slice(equals + 1));
    begin = end;
  }
  return records;
}

/** The inverse, in the order of the map. */
export function formatPaxRecords(records: ReadonlyMap<string, Uint8Array>): Uint8Array {
  return Buffer.concat([...records].map(([key, value]) => formatRecord(key, value)));
}

// --- internal ---

function formatRecord(key: string, value: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(` ${key}=`), value, Buffer.from("\n")]);
  // The length counts its own digits as well.
  let length = body.length;
  while (String(length).length + body.length !== length) {
    length = String(length).length + body.length;
  }
  return Buffer.concat([Buffer.from(String(length)), body]);
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
