/** Finds names and passwords in URLs, and masks them wherever text is printed or stored. */

/**
 * An address without the name and password that it may hold, also where these are not written as an
 * address has them: with a slash, or without the scheme before them.
 */
export function publicUrl(url: string): string {
  const bare = url.replace(/^([a-z][a-z\d+.-]*:\/\/)[^/?#\s]*@/i, "$1");
  if (bare !== url || URL.canParse(url)) {
    return bare.includes("://") ? bare : bare.replace(/^[^\s/@:]+:[^\s@]*@/, "");
  }
  return url.replace(/^([a-z][a-z\d+.-]*:\/\/|(?=[^\s/@:]+:))\S*@/i, "$1");
}

/** A text, with asterisks in the place of each name and password in its addresses. */
export function hideCredentials(text: string): string {
  return text.replace(ADDRESS, (all, scheme: string, written: string) =>
    isSecret(scheme, written) ? `${scheme}${HIDDEN}@` : all,
  );
}

/** What stands in the place of a name and a password. */
export const HIDDEN = "***";

export interface Credentials {
  name: string;
  password: string;
  /** The address without them. */
  url: string;
}

/** @returns undefined for an address without a name, or no address at all */
export function takeCredentials(address: string): Credentials | undefined {
  if (!URL.canParse(address)) return undefined;
  const { username, password } = new URL(address);
  if (username === "" && password === "") return undefined;
  return {
    name: decoded(username),
    password: decoded(password),
    url: publicUrl(address),
  };
}

/** Every form in which credentials of these texts may turn up elsewhere, the longest first. */
export function secretsOf(texts: readonly string[]): string[] {
  const addresses = texts.flatMap((text) => text.match(ADDRESS) ?? []);
  const secrets = addresses.flatMap((address) => {
    const found = takeCredentials(`${address}host/`);
    if (found === undefined) return [];
    const pair = `${found.name}:${found.password}`;
    const written = address.replace(/^.*:\/\//, "").slice(0, -1);
    const base64 = Buffer.from(pair, "utf8").toString("base64");
    return [written, pair, base64, found.password || found.name];
  });
  return [...new Set(secrets)]
    .filter((secret) => secret.length >= LEAST_SECRET)
    .sort((one, other) => other.length - one.length);
}

/** @returns puts asterisks in the place of each secret */
export function createMask(secrets: readonly string[]): (text: string) => string {
  return (text) => secrets.reduce((masked, secret) => masked.replaceAll(secret, "***"), text);
}

/** The same for a text that comes in pieces: a secret may be in two of them. */
export function createStreamMask(
  secrets: readonly string[],
  write: (text: string) => void,
): { write(text: string): void; flush(): void } {
  const mask = createMask(secrets);
  let held = "";
  return {
    write(text) {
      const whole = mask(held + text);
      const kept = openEnd(whole, secrets);
      held = whole.slice(whole.length - kept);
      write(whole.slice(0, whole.length - kept));
    },
    flush() {
      write(held);
      held = "";
    },
  };
}

// --- internal ---

/** Up to the last "@" before the path: a password may have others. */
const ADDRESS = /([a-z][a-z\d+.-]{0,30}:\/\/)([^\s/?#"'<>]{1,4096})@/gi;

/** A name alone is a token, unless it is the user of a login by key. */
function isSecret(scheme: string, written: string): boolean {
  if (written === HIDDEN || written === "git") return false;
  return written.includes(":") || /(^|\+)https?:/i.test(scheme);
}

/** A percent sign may be one. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Shorter ones would be found everywhere. */
const LEAST_SECRET = 4;

/** How many of the last characters may be the beginning of a secret. */
function openEnd(text: string, secrets: readonly string[]): number {
  const longest = Math.min(text.length, Math.max(0, ...secrets.map(({ length }) => length)) - 1);
  for (let length = longest; length > 0; length -= 1) {
    const end = text.slice(text.length - length);
    if (secrets.some((secret) => secret.startsWith(end))) return length;
  }
  return 0;
}
