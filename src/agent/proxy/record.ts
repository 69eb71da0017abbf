/** Records: forwards requests, and stores the responses. */
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { publicUrl } from "../../lib/secrets.ts";
import {
  BLOBS_FOLDER,
  type Exchange,
  type ExchangeList,
  exchangeKey,
  recordFile,
} from "../../protocol/exchanges.ts";
import { type BlobWriter, createBlobFolder } from "./blobs.ts";
import { type Answer, type ForwardOptions, forward, isPassing } from "./forward.ts";
import { acceptsGzip, nodeHeaders, recordedHeaders, varying } from "./headers.ts";
import type { Answerer } from "./proxy.ts";
import { type ProxyRequest, requestDetail, requestDigest } from "./request.ts";

export interface Recorder extends Answerer {
  /** Waits for what is still being received, then writes the list of the layer. */
  finish(layer: string): Promise<void>;
}

/**
 * @param folder RECORD_FOLDER
 * @param onFailure told of what nothing answers: few programs show what a proxy tells them
 */
export function createRecorder(
  folder: string,
  options: ForwardOptions,
  onFailure: (message: string) => void,
): Recorder {
  const blobs = createBlobFolder(join(folder, BLOBS_FOLDER));
  const records = new Map<string, Exchange>();
  const pending = new Map<Promise<void>, AbortController>();
  const answer = async (
    request: ProxyRequest,
    response: ServerResponse,
    abort: AbortController,
  ) => {
    const leave = () => abort.abort();
    response.once("close", leave);
    const received = await forward(request, options, abort.signal).catch((error) => {
      if (!abort.signal.aborted) onFailure(String(error));
      throw error;
    });
    // Some clients only read the beginning: in the record it is whole.
    response.off("close", leave);
    response.writeHead(received.status, nodeHeaders(received.headers));
    const isKept = isRecorded(request, received);
    const blob = isKept ? await blobs.begin() : null;
    try {
      await transfer(received, response, blob);
      // Before the client sees the end: then nothing is missing when a command has ended.
      if (blob !== null) keep(records, describe(request, received, await blob.finish()));
      response.end();
    } catch {
      await blob?.discard();
      response.destroy();
    }
  };
  return {
    async answer(request, response) {
      const abort = new AbortController();
      const work = answer(request, response, abort);
      pending.set(work, abort);
      try {
        await work;
      } finally {
        pending.delete(work);
      }
    },
    async finish(layer) {
      const timer = setTimeout(() => {
        for (const abort of pending.values()) abort.abort();
      }, PATIENCE * 1000);
      await Promise.allSettled(pending.keys());
      clearTimeout(timer);
      const sorted = [...records].sort(([one], [other]) => (one < other ? -1 : 1));
      const list: ExchangeList = { version: 1, exchanges: sorted.map(([, exchange]) => exchange) };
      writeFileSync(join(folder, recordFile(layer)), `${JSON.stringify(list, null, 1)}\n`);
    },
  };
}

// --- internal ---

/** Seconds that the end waits for answers whose clients have gone. */
const PATIENCE = 60;

const METHODS: readonly string[] = ["GET", "HEAD", "POST"] satisfies Exchange["method"][];

/** A proxy on the way that wants a password says nothing about the address. */
function isRecorded({ method }: ProxyRequest, { status }: Answer): boolean {
  return METHODS.includes(method) && status >= 200 && status !== 407 && !isPassing(status);
}

async function transfer(
  { body }: Answer,
  response: ServerResponse,
  blob: BlobWriter | null,
): Promise<void> {
  for await (const chunk of body ?? []) {
    await blob?.write(chunk);
    if (response.destroyed || response.closed || response.write(chunk)) continue;
    const done = new AbortController();
    const { signal } = done;
    await Promise.race(["drain", "close"].map((event) => once(response, event, { signal })));
    done.abort();
  }
}

function describe(
  request: ProxyRequest,
  { status, headers }: Answer,
  body: { content: string | null; bytes: number },
): Exchange {
  const { method, url, client, wantedBy } = request;
  const isHead = method === "HEAD";
  const kept = recordedHeaders(headers, { isHead, acceptsGzip: acceptsGzip(request.headers) });
  const { location } = kept;
  return {
    method: method as Exchange["method"],
    url,
    accept: varying(headers).includes("accept") ? request.headers.get("accept") : null,
    body: requestDigest(request),
    status,
    headers: location === undefined ? kept : { ...kept, location: publicUrl(location) },
    ...body,
    client,
    wantedBy,
    detail: requestDetail(request),
  };
}

/** The newest, unless it says that there is nothing where there was something. */
function keep(records: Map<string, Exchange>, exchange: Exchange): void {
  const key = exchangeKey(exchange);
  const known = records.get(key);
  if (known === undefined || exchange.status < 400 || known.status >= 400) {
    records.set(key, exchange);
  }
}
