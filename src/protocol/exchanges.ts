/**
 * Exchanges: the HTTP requests of a build with their responses, as recordings and bundles hold
 * them.
 */
import * as v from "valibot";

/** In the container: where the agent keeps what a build reads, for a bundle. */
export const RECORD_FOLDER = "/run/nua/record";

/** In the container: where the agent finds what a build from a bundle reads. */
export const INPUTS_FOLDER = "/run/nua/inputs";

/** In both folders: the contents of answers, each named by its SHA-256 in hexadecimal. */
export const BLOBS_FOLDER = "blobs";

/** In INPUTS_FOLDER: an {@link ExchangeList}. */
export const EXCHANGES_FILE = "exchanges.json";

/** In RECORD_FOLDER: the {@link ExchangeList} of one layer. */
export function recordFile(layer: string): string {
  return `exchanges-${layer}.json`;
}

/** Set to 1 for the agent that is to keep what it reads. */
export const RECORD_VARIABLE = "NUA_RECORD";

const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));

/** One request and its response. */
export const exchangeSchema = v.object({
  method: v.picklist(["GET", "HEAD", "POST"]),
  /** http or https, as the program asked for it; without a name and a password. */
  url: v.string(),
  /** The request's header Accept, where the response says that it depends on it; else null. */
  accept: v.nullable(v.string()),
  /** The digest of the request's body, see {@link bodyDigest}; null where it has none. */
  body: v.nullable(sha256),
  status: v.pipe(v.number(), v.integer(), v.minValue(100), v.maxValue(599)),
  /** Of the answer, by small names: those that programs look at. */
  headers: v.record(v.string(), v.string()),
  /** The blob with the answer's body, as it was sent; null where it has none. */
  content: v.nullable(sha256),
  /** Bytes of the body. */
  bytes: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** The program that asked: the first word of its user agent, without its version. */
  client: v.string(),
  /** The key of the nua-config, the file of the app or the action of the agent that led to it. */
  wantedBy: v.string(),
  /** What the request wants of many things at its address: of git, see {@link wantedObject}. */
  detail: v.nullable(v.string()),
});

export type Exchange = v.InferOutput<typeof exchangeSchema>;

export const exchangeListSchema = v.object({
  version: v.literal(1),
  exchanges: v.array(exchangeSchema),
});

export type ExchangeList = v.InferOutput<typeof exchangeListSchema>;

/** A request of a build from a bundle without a response. */
export const missingSchema = v.pick(exchangeSchema, ["method", "url", "client", "wantedBy"]);

export type MissingExchange = v.InferOutput<typeof missingSchema>;

/** Leads a line of the agent's output; the rest of it is the JSON of a {@link MissingExchange}. */
export const MISSING_MARKER = "nua-agent-missing: ";

/** The line for the agent's output, without its line break. */
export function formatMissing(missing: MissingExchange): string {
  return `${MISSING_MARKER}${JSON.stringify(missing)}`;
}

/** What a line of a build's output says to be missing, whatever the builder wrote around it. */
export function findMissing(line: string): MissingExchange[] {
  const begin = line.indexOf(MISSING_MARKER);
  if (begin < 0) return [];
  try {
    const text = line.slice(begin + MISSING_MARKER.length, line.lastIndexOf("}") + 1);
    const parsed = v.safeParse(missingSchema, JSON.parse(text));
    return parsed.success ? [parsed.output] : [];
  } catch {
    return [];
  }
}

/** What tells one request from another. */
export function exchangeKey({
  method,
  url,
  accept,
  body,
}: Pick<Exchange, "method" | "url" | "accept" | "body">): string {
  return JSON.stringify([method, url, accept, body]);
}

/**
 * The digest of a request's body. git names its own version in each (gitprotocol-v2(5),
 * "agent"), which does not change the answer: it does not count.
 */
export function bodyDigest(body: Uint8Array): string {
  const text = Buffer.from(body).toString("latin1");
  const hash = new Bun.CryptoHasher("sha256");
  let begin = 0;
  // A packet of git's begins with its own length (gitprotocol-common(5)), and need not end a line.
  for (const { index, 0: found } of text.matchAll(/[0-9a-f]{4}agent=/g)) {
    hash.update(text.slice(begin, index), "latin1");
    begin = index + Math.max(found.length, Number.parseInt(found.slice(0, 4), 16));
  }
  return hash.update(text.slice(begin), "latin1").digest("hex");
}

/**
 * The object that a request of git wants, where it is one: the commit that is checked out, or
 * its tag. Null where there are several, which are branches, or files that were left out at first
 * (gitprotocol-v2(5), "fetch").
 */
export function wantedObject(body: Uint8Array): string | null {
  const text = Buffer.from(body).toString("latin1");
  if (/[0-9a-f]{4}filter /.test(text)) return null;
  const packets = [...text.matchAll(/([0-9a-f]{4})want /g)].map(({ index, 1: length = "" }) => {
    const packet = text.slice(index, index + Number.parseInt(length, 16));
    return /want ([0-9a-f]{40,64})\b/.exec(packet)?.[1] ?? "";
  });
  const [first = "", ...others] = new Set(packets);
  return first === "" || others.length > 0 ? null : first;
}
