/** Random names. */

/** @returns two hexadecimal digits for each byte; node:crypto takes long to load */
export function randomHex(bytes: number): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString("hex");
}
