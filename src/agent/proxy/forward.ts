/** Forwards a request according to the network settings. */
import { setTimeout as sleep } from "node:timers/promises";
import { rootCertificates } from "node:tls";
import { NuaError } from "../../lib/errors.ts";
import { proxyFor } from "../../lib/proxies.ts";
import type { NetworkSettings } from "../../protocol/network-settings.ts";
import type { Destination } from "../../registries/mirror.ts";
import { trustedHosts } from "../../registries/registries.ts";
import { answerHeaders, questionHeaders } from "./headers.ts";
import { destinationsOf, mirrorAuthorization, publicLocation } from "./mirrors.ts";
import type { ProxyRequest } from "./request.ts";

export interface Answer {
  status: number;
  /** For the client. */
  headers: Headers;
  /** As it was sent: not decompressed. */
  body: ReadableStream<Uint8Array> | null;
}

export interface ForwardOptions {
  networkSettings: NetworkSettings;
  /** In PEM: the certificates that the image trusts beside the runtime's own. */
  trusted?: string;
  /** Seconds to wait before each further attempt. */
  pauses?: readonly number[];
}

/** What says that it may be otherwise soon. */
export function isPassing(status: number): boolean {
  return status >= 500 || status === 408 || status === 429;
}

/**
 * @param signal ends it when the client has gone
 * @throws NuaError (transient) when nothing answers
 */
export async function forward(
  request: ProxyRequest,
  { networkSettings, trusted = "", pauses = [1, 3] }: ForwardOptions,
  signal: AbortSignal,
): Promise<Answer> {
  let absent: Answer | undefined;
  let failure: unknown;
  for (const destination of destinationsOf(request, networkSettings)) {
    try {
      const answer = await insist(
        request,
        destination,
        { networkSettings, trusted, pauses },
        signal,
      );
      if (![403, 404, 410].includes(answer.status)) return answer;
      await absent?.body?.cancel();
      absent = answer;
    } catch (error) {
      failure = error;
    }
  }
  if (absent !== undefined) return absent;
  throw failure;
}

// --- internal ---

/** What is only asked can be asked again. */
async function insist(
  request: ProxyRequest,
  destination: Destination,
  { pauses, ...options }: Required<ForwardOptions>,
  signal: AbortSignal,
): Promise<Answer> {
  const left = request.method === "GET" || request.method === "HEAD" ? [...pauses] : [];
  for (;;) {
    const pause = left.shift();
    try {
      const answer = await ask(request, destination, options, signal);
      if (pause === undefined || !isPassing(answer.status)) return answer;
      await answer.body?.cancel();
    } catch (cause) {
      if (pause === undefined || signal.aborted) throw failed(request, destination, cause);
    }
    await sleep((pause ?? 0) * 1000);
  }
}

async function ask(
  { method, headers: given, body }: ProxyRequest,
  destination: Destination,
  { networkSettings, trusted }: Omit<Required<ForwardOptions>, "pauses">,
  signal: AbortSignal,
): Promise<Answer> {
  const { url } = destination;
  const headers = questionHeaders(given);
  const authorization = mirrorAuthorization(url, networkSettings);
  if (authorization !== null && !headers.has("authorization")) {
    headers.set("authorization", authorization);
  }
  const response = await fetch(url, {
    ...{ method, headers, signal, redirect: "manual", decompress: false },
    ...(body === null ? {} : { body: new Uint8Array(body) }),
    ...proxyFor(url, networkSettings),
    tls: trust(url, networkSettings, trusted),
  });
  const answered = answerHeaders(response.headers);
  const location = answered.get("location");
  if (location !== null) answered.set("location", publicLocation(location, destination));
  return { status: response.status, headers: answered, body: response.body };
}

function trust(url: string, networkSettings: NetworkSettings, trusted: string) {
  const { ca = "" } = networkSettings;
  const { host, hostname } = new URL(url);
  const isTrusted = trustedHosts(networkSettings).some(
    (name) => name === host || name === hostname,
  );
  return {
    ca: [...rootCertificates, trusted, ca].filter((pem) => pem !== ""),
    ...(isTrusted ? { rejectUnauthorized: false } : {}),
  };
}

function failed(request: ProxyRequest, { url }: Destination, cause: unknown): NuaError {
  const problem = cause instanceof Error ? cause.message : String(cause);
  return new NuaError("transient", `Fetch "${url}" for ${request.client}: ${problem}`, { cause });
}
