/** Helpers for URLs in text form. */

/** A folder's address ends with a slash. */
export function withSlash(url: string): string {
  return url.endsWith("/") ? url : `${url}/`;
}
