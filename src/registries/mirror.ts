/** Maps public URLs to those of a mirror. Pure. */
import { publicUrl } from "../lib/secrets.ts";
import { withSlash } from "../lib/urls.ts";

export interface Destination {
  /** Without a name and a password. */
  url: string;
  /** Where that is a mirror's: the beginning of the public address, and the mirror's own. */
  mirror: { from: string; to: string } | null;
}

/** The same below a mirror, where the address has one of the beginnings that it mirrors. */
export function mirrored(
  url: string,
  beginnings: readonly string[],
  mirror: string | undefined,
): Destination[] {
  const from = beginnings.find((beginning) => url.startsWith(beginning));
  if (from === undefined || mirror === undefined) return [];
  const to = publicUrl(withSlash(mirror.trim()));
  return [{ url: to + url.slice(from.length), mirror: { from, to } }];
}
