/** SHA-256 digests, as image archives write them. */

/** node:crypto takes longer to load than all else that `check` does. */
export function sha256Hex(content: Uint8Array | string): string {
  return new Bun.CryptoHasher("sha256").update(content).digest("hex");
}

export function withPrefix(hex: string): string {
  return `sha256:${hex}`;
}

export function withoutPrefix(digest: string): string {
  return digest.replace(/^sha256:/, "");
}

/**
 * The digest that a member's name promises: `blobs/sha256/HEX`, `HEX.json`, `HEX.tar`. In
 * other names, such as `HEX/layer.tar`, HEX is an identifier and no digest.
 */
export function digestInName(name: string): string | undefined {
  const match = /^(?:blobs\/sha256\/([0-9a-f]{64})|([0-9a-f]{64})\.(?:json|tar))$/.exec(name);
  return match?.[1] ?? match?.[2];
}
