/** Extended headers of the pax format: `LENGTH KEY=VALUE\n`, LENGTH counting the whole record. */
import { TarFormatError } from "./tar-header.ts";

/** @throws TarFormatError when a record does not end where its length says */
export function parsePaxRecords(bytes: Uint8Array): Map<string, string> {
  const records = new Map<string, string>();
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
    records.set(decode(record.subarray(0, equals)), decode(record.subarray(equals + 1)));
    begin = end;
  }
  return records;
}

// --- internal ---

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
