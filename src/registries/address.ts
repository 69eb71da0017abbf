/** A requested URL, parsed. Pure. */
import type { Exchange } from "../protocol/exchanges.ts";

/** As much of an exchange as tells what it is about; of one that failed there is no more. */
export type HttpRequest = Pick<Exchange, "method" | "url" | "client"> &
  Partial<Pick<Exchange, "accept" | "headers" | "detail">>;

export interface Address extends HttpRequest {
  /** Without query: that may hold a signature, and says nothing about what it is. */
  plain: string;
  /** Of the path, decoded. */
  segments: string[];
  /** The last one. */
  file: string;
  /** The path, decoded. */
  path: string;
  query: string;
}

export function readAddress(request: HttpRequest): Address {
  const [plain = "", query = ""] = request.url.split(/[?#]/, 2);
  const segments = pathSegments(plain.replace(/^[a-z+]+:\/\/[^/]*/i, ""));
  return {
    ...request,
    ...{ plain, segments, query },
    file: segments.at(-1) ?? "",
    path: `/${segments.join("/")}`,
  };
}

/** Decoded; a slash that was encoded parts as well: npm asks for `@scope%2fname`. */
export function pathSegments(path: string): string[] {
  return path.split("/").map(decode).flatMap(splitScope).filter(Boolean);
}

/** Where a forge hands out archives of repositories. */
export const FORGE_ARCHIVE = /\/(archive|releases|tar\.gz|zipball|tarball)\//;

// --- internal ---

function splitScope(segment: string): string[] {
  return segment.startsWith("@") ? segment.split("/") : [segment];
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
