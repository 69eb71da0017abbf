/** Pure: which HTTP headers are forwarded, and which are recorded. */

/** Of one connection. Source: RFC 9110, 7.6.1; and what clients tell proxies. */
const OF_THE_CONNECTION = [
  ...["connection", "keep-alive", "proxy-connection", "proxy-authenticate", "te", "trailer"],
  ...["proxy-authorization", "transfer-encoding", "upgrade"],
];

/** They make an answer less than the whole, or are written anew. */
const NOT_ASKED = [
  ...["if-none-match", "if-modified-since", "if-match", "if-unmodified-since", "if-range"],
  ...["range", "host", "expect", "accept-encoding", "content-length"],
];

/** Parts are never given out, and the client should not look for another way. */
const NOT_ANSWERED = ["accept-ranges", "alt-svc"];

/** Of an answer, what programs look at; not cookies, which may be keys. */
const KEPT: ReadonlySet<string> = new Set([
  ...["cache-control", "content-disposition", "content-encoding", "content-language"],
  ...["content-md5", "content-type", "digest", "content-digest", "repr-digest", "etag"],
  ...["last-modified", "link", "location", "vary", "www-authenticate"],
  // PyPI, container registries, Hugging Face, git's large files.
  ...["x-pypi-last-serial", "docker-content-digest", "docker-distribution-api-version"],
  ...["x-error-code", "x-linked-etag", "x-linked-size", "x-repo-commit", "x-checksum-sha256"],
]);

/**
 * Of a request, for the server. The whole answer is asked for, and compressed in the one way
 * that every replaying agent can undo.
 */
export function questionHeaders(given: Headers): Headers {
  const headers = without(given, [...OF_THE_CONNECTION, ...NOT_ASKED]);
  headers.set("accept-encoding", acceptsGzip(given) ? "gzip" : "identity");
  // Else the runtime would put its own.
  if (!headers.has("user-agent")) headers.set("user-agent", "");
  if (!headers.has("accept")) headers.set("accept", "*/*");
  return headers;
}

export function acceptsGzip(given: Headers): boolean {
  return /(^|[\s,])(gzip|\*)\s*(?=$|,|;(?!\s*q=0(\.0*)?\s*($|,)))/i.test(
    given.get("accept-encoding") ?? "",
  );
}

/** Of an answer, for the client. */
export function answerHeaders(given: Headers): Headers {
  return without(given, [...OF_THE_CONNECTION, ...NOT_ANSWERED]);
}

/**
 * Of an answer, for the record. Of `vary`, what concerns compression says whether the client's
 * wish led to it: only then it is undone for a client that cannot.
 */
export function recordedHeaders(
  answer: Headers,
  request: { isHead: boolean; acceptsGzip: boolean },
): Record<string, string> {
  const kept = [...answer].filter(([name]) => KEPT.has(name));
  const size = request.isHead ? answer.get("content-length") : null;
  const isCompressed = request.acceptsGzip && answer.has("content-encoding");
  const vary = varying(answer).filter((name) => name !== COMPRESSION);
  const names = [...vary, ...(isCompressed ? [COMPRESSION] : [])];
  const { vary: _, ...headers } = Object.fromEntries(kept);
  return {
    ...headers,
    ...(size === null ? {} : { "content-length": size }),
    ...(names.length === 0 ? {} : { vary: names.join(", ") }),
  };
}

/** For node:http, which takes several cookies as a list. */
export function nodeHeaders(headers: Headers): Record<string, string | string[]> {
  const cookies = headers.getSetCookie();
  return {
    ...Object.fromEntries(headers),
    ...(cookies.length === 0 ? {} : { "set-cookie": cookies }),
  };
}

/** Whether the record's body is compressed because its client wished so. */
export function isGzipByWish(headers: Readonly<Record<string, string>>): boolean {
  const names = varying(new Headers(headers));
  return headers["content-encoding"] === "gzip" && names.includes(COMPRESSION);
}

/** The headers of a request that an answer depends on, by small names. */
export function varying(answer: Headers): string[] {
  const names = (answer.get("vary") ?? "").toLowerCase().split(",");
  return names.map((name) => name.trim()).filter((name) => name !== "");
}

// --- internal ---

const COMPRESSION = "accept-encoding";

/** Without those, and those that `connection` names. */
function without(given: Headers, unwanted: readonly string[]): Headers {
  const named = (given.get("connection") ?? "").toLowerCase().split(/[\s,]+/);
  const headers = new Headers();
  for (const [name, value] of given) {
    if (!unwanted.includes(name) && !named.includes(name)) headers.append(name, value);
  }
  return headers;
}
