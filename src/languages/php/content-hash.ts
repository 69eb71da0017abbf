/**
 * Pure: the hash by which composer.lock knows its composer.json: MD5 of what PHP's json_encode makes of
 * its relevant keys. Source: composer/composer, Locker::getContentHash.
 */

/** @returns null where it cannot be told: numbers and numbered keys are not the same in PHP */
export function contentHash(manifest: Readonly<Record<string, unknown>>): string | null {
  const found: Record<string, unknown> = {};
  for (const key of RELEVANT) if (manifest[key] !== undefined) found[key] = manifest[key];
  const { config } = manifest;
  const platform = isObject(config) ? config.platform : undefined;
  if (platform !== undefined && platform !== null) found.config = { platform };
  const sorted = Object.keys(found).sort();
  try {
    const text = encode(Object.fromEntries(sorted.map((key) => [key, found[key]])), 0);
    return new Bun.CryptoHasher("md5").update(text).digest("hex");
  } catch (error) {
    if (error instanceof Unknown) return null;
    throw error;
  }
}

// --- internal ---

const RELEVANT: readonly string[] = [
  ...["name", "version", "require", "require-dev", "conflict", "replace", "provide"],
  ...["minimum-stability", "prefer-stable", "repositories", "extra"],
];

class Unknown extends Error {}

/** As deep as PHP reads. */
const DEEPEST = 512;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function encode(value: unknown, depth: number): string {
  if (depth > DEEPEST) throw new Unknown();
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return encodeText(value);
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) throw new Unknown();
    return String(value);
  }
  if (Array.isArray(value)) return `[${value.map((one) => encode(one, depth + 1)).join(",")}]`;
  const entries = Object.entries(value as object);
  // An array of PHP's has lost what it was written as.
  if (entries.length === 0) return "[]";
  if (entries.some(([key]) => /^-?\d+$/.test(key))) throw new Unknown();
  return `{${entries.map(([key, one]) => `${encodeText(key)}:${encode(one, depth + 1)}`).join(",")}}`;
}

/** Slashes are escaped, and all that is not ASCII. */
function encodeText(text: string): string {
  return JSON.stringify(text)
    .replaceAll("/", "\\/")
    .replace(/[\u007f-\uffff]/g, (one) =>
      one === "\u007f" ? one : `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
}
