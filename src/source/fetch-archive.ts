/** Downloads a source archive, and verifies its checksum. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open, rm, stat } from "node:fs/promises";
import { basename } from "node:path";
import { rootCertificates } from "node:tls";
import { NuaError } from "../lib/errors.ts";
import { formatBytes } from "../lib/format.ts";
import { proxyFor } from "../lib/proxies.ts";
import { publicUrl } from "../lib/secrets.ts";
import { timeLimit } from "../lib/time-limit.ts";
import type { NetworkSettings } from "../protocol/network-settings.ts";
import { isLocalSource, localSourcePath } from "./local-source.ts";

export interface FetchRequest {
  /** http, https or file; without a scheme, a path relative to `root`. */
  url: string;
  /** What names it, for messages. */
  key: string;
  /** In hexadecimal; null when nobody vouches for the content. */
  sha256: string | null;
  /** The file to make: nothing may be there. It is gone again when anything fails. */
  target: string;
  /** The app's folder. */
  root: string;
  /** Bytes that the archive may have. */
  limit: number;
  /** Milliseconds for all attempts together. */
  timeout: number;
  /** Certificates in PEM to trust beside the usual ones. */
  ca?: string | undefined;
  proxies?: Pick<NetworkSettings, "httpProxy" | "httpsProxy" | "noProxy"> | undefined;
  signal: AbortSignal;
  /** Told the bytes so far, and how many there will be when that is known. */
  onProgress?: (bytes: number, total: number | undefined) => void;
  /** Told why an attempt failed that is followed by another. */
  onRetry?: (reason: string) => void;
  /** Milliseconds before the second attempt; doubled before each further one. */
  delay?: number;
}

export interface FetchedArchive {
  bytes: number;
  sha256: string;
}

/**
 * @throws NuaError (input) when there is no such archive, it is too large or another one, or
 *   something is where it should go
 * @throws NuaError (transient) when the network or the server failed each time, or took too long
 * @throws the signal's reason
 */
export async function fetchArchive(request: FetchRequest): Promise<FetchedArchive> {
  const begin = isLocalSource(request.url) ? copy : download;
  const delay = request.delay ?? 500;
  const late = timeLimit(request.timeout);
  const timed = { ...request, signal: AbortSignal.any([request.signal, late]) };
  for (let attempt = 1; ; attempt += 1) {
    const file = await createTarget(request);
    try {
      const fetched = await begin(timed, file);
      checkDigest(request, fetched);
      return fetched;
    } catch (error) {
      await rm(request.target, { force: true });
      request.signal.throwIfAborted();
      if (late.aborted) throw tookTooLong(request);
      const isWorthwhile = error instanceof NuaError && error.code === "transient";
      if (!isWorthwhile || attempt === ATTEMPTS) throw error;
      request.onRetry?.(error.message);
      await pause(delay * 2 ** (attempt - 1), request.signal);
    } finally {
      await file.close();
    }
  }
}

// --- internal ---

const ATTEMPTS = 4;

/** Milliseconds without a byte after which a server counts as gone. */
const IDLE_LIMIT = 60_000;

/** How often a server may send on to another address: browsers follow 20, and curl 50. */
const REDIRECTS = 10;

/** Server answers after which another attempt may succeed: RFC 9110, RFC 6585. */
const TRANSIENT_STATUS: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Those that lead a GET to another address: RFC 9110, 15.4. */
const REDIRECT_STATUS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

function fail(
  request: FetchRequest,
  code: "input" | "transient",
  problem: string,
  hint: string,
): NuaError {
  const message = `Fetch "${publicUrl(request.url)}": ${problem}`;
  return new NuaError(code, message, { step: request.key, hint });
}

/** An app may have brought something under that name: nothing is written into, or through, it. */
async function createTarget(request: FetchRequest): Promise<FileHandle> {
  try {
    return await open(request.target, "wx");
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause && cause.code === "EEXIST")) throw cause;
    const problem = `"${basename(request.target)}" is in its place`;
    throw fail(request, "input", problem, "give the app's file of that name another one");
  }
}

function tookTooLong(request: FetchRequest): NuaError {
  const problem = `it took more than ${request.timeout / 1000} seconds`;
  return fail(request, "transient", problem, "allow more with NUA_SOURCE_TIMEOUT, in seconds");
}

async function copy(request: FetchRequest, file: FileHandle): Promise<FetchedArchive> {
  const path = localSourcePath(request);
  const info = await stat(path).catch(() => undefined);
  if (!info?.isFile()) {
    throw fail(request, "input", `there is no file "${path}"`, `correct ${request.key}`);
  }
  return receive(request, { file, source: createReadStream(path), total: info.size });
}

async function download(request: FetchRequest, file: FileHandle): Promise<FetchedArchive> {
  const idle = new AbortController();
  const watch = setTimeout(() => idle.abort(new Error("the server went silent")), IDLE_LIMIT);
  try {
    const signal = AbortSignal.any([request.signal, idle.signal]);
    const response = await ask(request, signal);
    if (!response.ok || response.body === null) throw refused(request, response.status);
    const announced = response.headers.get("content-length") ?? "";
    const total = /^\d+$/.test(announced) ? Number(announced) : undefined;
    const source = response.body;
    return await receive(request, { file, source, total, onChunk: () => watch.refresh() });
  } catch (error) {
    if (error instanceof NuaError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw fail(request, "transient", reason, "see that the address answers, or set HTTPS_PROXY");
  } finally {
    clearTimeout(watch);
  }
}

/** Follows redirections by itself: each may need another proxy, and there is an end of them. */
async function ask(request: FetchRequest, signal: AbortSignal): Promise<Response> {
  const tls = request.ca ? { tls: { ca: [...rootCertificates, request.ca] } } : {};
  let url = request.url;
  for (let followed = 0; followed <= REDIRECTS; followed += 1) {
    const response = await fetch(url, {
      ...{ signal, ...tls, ...proxyFor(url, request.proxies ?? {}) },
      // The checksum is that of the bytes as they are stored.
      ...{ headers: { "accept-encoding": "identity" }, decompress: false, redirect: "manual" },
    });
    const location = response.headers.get("location");
    if (!REDIRECT_STATUS.has(response.status) || location === null) return response;
    await response.body?.cancel();
    url = redirected(request, url, location);
  }
  throw fail(request, "input", `it was sent on ${REDIRECTS} times`, `correct ${request.key}`);
}

/** Relative ones too; a name and a password are for the host that they were given for. */
function redirected(request: FetchRequest, from: string, location: string): string {
  const next = URL.canParse(location, from) ? new URL(location, from) : undefined;
  if (next === undefined || !/^https?:$/.test(next.protocol)) {
    throw fail(
      request,
      "input",
      "the server sends on to what is no address",
      `correct ${request.key}`,
    );
  }
  const before = new URL(from);
  if (next.origin === before.origin && next.username === "") {
    next.username = before.username;
    next.password = before.password;
  }
  return next.href;
}

function refused(request: FetchRequest, status: number): NuaError {
  const code = TRANSIENT_STATUS.has(status) ? "transient" : "input";
  return fail(request, code, `the server answered ${status}`, `correct ${request.key}`);
}

interface Received {
  file: FileHandle;
  source: AsyncIterable<Uint8Array>;
  /** Bytes that it should have; a server need not know. */
  total: number | undefined;
  onChunk?: () => void;
}

async function receive(
  request: FetchRequest,
  { file, source, total, onChunk }: Received,
): Promise<FetchedArchive> {
  const hash = createHash("sha256");
  let bytes = 0;
  checkSize(request, total ?? 0);
  for await (const chunk of source) {
    request.signal.throwIfAborted();
    onChunk?.();
    bytes += chunk.length;
    checkSize(request, bytes);
    hash.update(chunk);
    await file.writeFile(chunk);
    request.onProgress?.(bytes, total);
  }
  if (total !== undefined && bytes !== total) {
    const problem = `it ended after ${bytes} of ${total} bytes`;
    throw fail(request, "transient", problem, "try again");
  }
  return { bytes, sha256: hash.digest("hex") };
}

function checkSize(request: FetchRequest, bytes: number): void {
  if (bytes <= request.limit) return;
  const problem = `it is larger than ${formatBytes(request.limit)}`;
  throw fail(request, "input", problem, "allow more with NUA_SOURCE_LIMIT, in MB");
}

function checkDigest(request: FetchRequest, { sha256, bytes }: FetchedArchive): void {
  if (request.sha256 === null || request.sha256 === sha256) return;
  const problem = `its SHA-256 is ${sha256} (${bytes} bytes), not ${request.sha256}`;
  throw fail(request, "input", problem, "find out why, then correct the checksum");
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        reject(signal.reason);
      },
      { once: true },
    );
  });
}
