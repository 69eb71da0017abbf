/** Replays: responds from a recording alone. */
import { createReadStream, readFileSync, statSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import * as v from "valibot";
import { NuaError } from "../../lib/errors.ts";
import {
  BLOBS_FOLDER,
  EXCHANGES_FILE,
  type Exchange,
  exchangeKey,
  exchangeListSchema,
  type MissingExchange,
  missingSchema,
} from "../../protocol/exchanges.ts";
import { acceptsGzip, isGzipByWish } from "./headers.ts";
import { answerText } from "./listener.ts";
import type { Answerer } from "./proxy.ts";
import { type ProxyRequest, requestDigest } from "./request.ts";

/**
 * @param folder INPUTS_FOLDER
 * @param onMissing told of each address that nothing answers, once
 * @throws NuaError (input) when the list is missing or unreadable
 */
export function createReplay(
  folder: string,
  onMissing: (missing: MissingExchange) => void,
): Answerer {
  const find = indexExchanges(readExchanges(join(folder, EXCHANGES_FILE)));
  const missing = new Map<string, MissingExchange>();
  const isThere = ({ content, bytes }: Exchange) =>
    content === null || sizeOf(join(folder, BLOBS_FOLDER, content)) === bytes;
  return {
    missing: () => [...missing.values()],
    async answer(request, response) {
      const found = find(request);
      if (found !== undefined && isThere(found)) return send(folder, found, request, response);
      const parsed = v.safeParse(missingSchema, request);
      if (!parsed.success)
        return answerText(response, 405, `Build from a bundle: no ${request.method}`);
      if (!missing.has(request.url)) {
        missing.set(request.url, parsed.output);
        onMissing(parsed.output);
      }
      answerText(response, 404, `Build from a bundle: ${request.url} is not among its inputs`);
    },
  };
}

// --- internal ---

function readExchanges(file: string): Exchange[] {
  try {
    return v.parse(exchangeListSchema, JSON.parse(readFileSync(file, "utf8"))).exchanges;
  } catch (cause) {
    throw new NuaError("input", `Read "${file}": it is no list of a build's inputs`, {
      ...{ cause, file, hint: "make the bundle again, with the same nua-build" },
    });
  }
}

type Find = (request: ProxyRequest) => Exchange | undefined;

function indexExchanges(exchanges: readonly Exchange[]): Find {
  const byKey = new Map(exchanges.map((exchange) => [exchangeKey(exchange), exchange]));
  const place = (exchange: Pick<Exchange, "method" | "url" | "body">) =>
    exchangeKey({ ...exchange, accept: null });
  // Whatever was accepted; there is more in an answer than in the word that there is none.
  const byPlace = new Map<string, Exchange>();
  for (const exchange of exchanges) {
    const known = byPlace.get(place(exchange));
    if (known === undefined || known.status >= 400) byPlace.set(place(exchange), exchange);
  }
  return (request) => {
    const { url } = request;
    const body = requestDigest(request);
    const accept = request.headers.get("accept");
    const methods = METHODS.filter((method) => method === request.method);
    for (const method of methods.includes("HEAD") ? (["HEAD", "GET"] as const) : methods) {
      const found =
        byKey.get(exchangeKey({ method, url, accept, body })) ??
        byKey.get(exchangeKey({ method, url, accept: null, body })) ??
        byPlace.get(place({ method, url, body }));
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

const METHODS = ["GET", "HEAD", "POST"] as const;

function sizeOf(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.size;
}

async function send(
  folder: string,
  { method, status, headers, content, bytes }: Exchange,
  request: ProxyRequest,
  response: ServerResponse,
): Promise<void> {
  const isWhole = !isGzipByWish(headers) || acceptsGzip(request.headers);
  const { "content-encoding": encoding, ...others } = headers;
  const size = isWhole && method !== "HEAD" && status !== 204 ? { "content-length": bytes } : {};
  const coding = isWhole && encoding !== undefined ? { "content-encoding": encoding } : {};
  response.writeHead(status, { ...others, ...coding, ...size });
  if (content === null || request.method === "HEAD") return void response.end();
  const source = createReadStream(join(folder, BLOBS_FOLDER, content));
  const decoder = isWhole ? [] : [createGunzip()];
  try {
    await pipeline([source, ...decoder, response]);
  } catch {
    // The client has gone, or the blob is not what it was.
    response.destroy();
  }
}
