/** A request through the proxy. */
import type { IncomingMessage } from "node:http";
import { gunzipSync } from "node:zlib";
import { NuaError } from "../../lib/errors.ts";
import { publicUrl, takeCredentials } from "../../lib/secrets.ts";
import { bodyDigest, wantedObject } from "../../protocol/exchanges.ts";
import { REGISTRIES } from "../../registries/registries.ts";

export interface ProxyRequest {
  method: string;
  /** Without a name and a password, which are in the headers. */
  url: string;
  headers: Headers;
  body: Buffer | null;
  /** As exchanges have it. */
  client: string;
  wantedBy: string;
}

/** @throws NuaError (input) when the address is none, or the body too long to be kept */
export async function readRequest(
  incoming: IncomingMessage,
  address: string,
  wantedBy: string,
): Promise<ProxyRequest> {
  if (!URL.canParse(address)) throw new NuaError("input", `Ask for "${address}": no address`);
  const headers = readHeaders(incoming);
  const credentials = takeCredentials(address);
  if (credentials !== undefined && !headers.has("authorization")) {
    headers.set("authorization", basicAuthorization(credentials));
  }
  const url = new URL(publicUrl(address));
  url.hash = "";
  return {
    method: incoming.method ?? "GET",
    url: url.href,
    headers,
    body: await readBody(incoming),
    client: clientOf(headers.get("user-agent") ?? ""),
    wantedBy,
  };
}

/** For the key of an exchange. */
export function requestDigest(request: ProxyRequest): string | null {
  const body = plainBody(request);
  return body === null ? null : bodyDigest(body);
}

/** Which of the many things at its address it is about, where that is known. */
export function requestDetail(request: ProxyRequest): string | null {
  const body = plainBody(request);
  const isGit = new URL(request.url).pathname.endsWith("/git-upload-pack");
  return isGit && body !== null ? wantedObject(body) : null;
}

export function basicAuthorization({ name, password }: { name: string; password: string }): string {
  return `Basic ${Buffer.from(`${name}:${password}`, "utf8").toString("base64")}`;
}

/** The first word of a user agent, without its version. */
export function clientOf(agent: string): string {
  const word = /^[^\s/,]+/.exec(agent.trim())?.[0].toLowerCase() ?? "unknown";
  return NAMES[word] ?? word;
}

// --- internal ---

/** Those that begin with another name. */
const NAMES: Readonly<Record<string, string>> = Object.assign(
  {},
  ...REGISTRIES.map(({ agents }) => agents),
);

/** Bytes. Requests with more than that are uploads. */
const BODY_LIMIT = 64 * 1024 * 1024;

/** What is compressed counts as what it says. */
function plainBody({ headers, body }: ProxyRequest): Buffer | null {
  if (body === null || headers.get("content-encoding") !== "gzip") return body;
  try {
    return gunzipSync(body);
  } catch {
    return body;
  }
}

function readHeaders({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    headers.append(rawHeaders[index] ?? "", rawHeaders[index + 1] ?? "");
  }
  return headers;
}

async function readBody(incoming: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_LIMIT) throw new NuaError("input", "Ask: the request's body is too long");
    chunks.push(chunk);
  }
  return bytes === 0 ? null : Buffer.concat(chunks);
}
