/** A site that is asked through the proxy, and builds that ask it. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import * as v from "valibot";
import { createAuthority } from "../../../../src/agent/proxy/authority.ts";
import type { Route } from "../../../../src/agent/proxy/lead.ts";
import { openRoute } from "../../../../src/agent/proxy/route.ts";
import { type Exchange, exchangeListSchema } from "../../../../src/protocol/exchanges.ts";
import type { NetworkSettings } from "../../../../src/protocol/network-settings.ts";

/** Names that no resolver knows: only the network settings lead to it. */
export const PLAIN = "http://plain.invalid/";
export const SECURE = "https://secure.invalid/";

export const BIG = 48 * 1024 * 1024;

export interface Site extends Disposable {
  networkSettings: NetworkSettings;
  /** Addresses of the two servers. */
  plain: string;
  secure: string;
  /** What was asked for, with the headers. */
  asked: IncomingMessage[];
  /** Beyond the usual paths. */
  extra: Map<string, RequestListener>;
}

export async function startSite(): Promise<Site> {
  const asked: IncomingMessage[] = [];
  const extra: Site["extra"] = new Map();
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    asked.push(request);
    const path = (request.url ?? "").replace(/\?.*/, "");
    const listener = extra.get(path) ?? PATHS[path];
    if (listener) return void listener(request, response);
    response.writeHead(404, { "content-type": "text/plain" }).end(`nothing at ${path}\n`);
  };
  const authority = createAuthority();
  const servers = [
    createServer(answer),
    createSecureServer(authority.pairFor("127.0.0.1"), answer),
  ];
  const [plainPort, securePort] = await Promise.all(servers.map(listen));
  const plain = `http://127.0.0.1:${plainPort}/`;
  const secure = `https://127.0.0.1:${securePort}/`;
  return {
    networkSettings: {
      rewrites: `${PLAIN}=${plain} ${SECURE}=${secure}`,
      ca: authority.certificate,
    },
    ...{ plain, secure, asked, extra },
    [Symbol.dispose]() {
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

export interface Builds extends Disposable {
  folder: string;
  record(networkSettings: NetworkSettings): Promise<Route>;
  /** What has been recorded. */
  recorded(): Exchange[];
  /** @param lines takes the marker lines */
  replay(lines?: string[]): Promise<Route>;
}

export function createBuilds(): Builds {
  const folder = mkdtempSync(join(tmpdir(), "nua-proxy-"));
  const places = { record: folder, inputs: join(folder, "none") };
  const list = join(folder, "exchanges-app.json");
  return {
    folder,
    record: (networkSettings) =>
      openRoute({ networkSettings, env: { NUA_RECORD: "1" }, writeLine: () => {}, places }),
    recorded: () => v.parse(exchangeListSchema, JSON.parse(readFileSync(list, "utf8"))).exchanges,
    async replay(lines = []) {
      const { copyFileSync } = await import("node:fs");
      copyFileSync(list, join(folder, "exchanges.json"));
      const writeLine = (line: string) => void lines.push(line);
      const replayPlaces = { record: folder, inputs: folder };
      return openRoute({ networkSettings: {}, env: {}, writeLine, places: replayPlaces });
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** As a program in the build would: through the proxy, trusting what the build trusts. */
export function ask(route: Route, url: string, init: RequestInit = {}): Promise<Response> {
  const { httpProxy = "", ca = "" } = route.networkSettings;
  return fetch(url, { redirect: "manual", ...init, proxy: httpProxy, tls: { ca } });
}

// --- internal ---

let flaky = 0;

const PATHS: Readonly<Record<string, RequestListener>> = {
  "/file": text("a file\n"),
  "/same": text("a file\n"),
  "/empty": (_, response) => void response.end(),
  "/moved": (_, response) => void response.writeHead(302, { location: "file" }).end(),
  "/moved-with-name": (_, response) =>
    void response.writeHead(302, { location: "https://user:s3cret@secure.invalid/file" }).end(),
  "/broken": (_, response) => void response.writeHead(500).end("broken\n"),
  "/busy": (_, response) => void response.writeHead(429).end("busy\n"),
  "/flaky": (_, response) => {
    flaky += 1;
    response.writeHead(flaky % 2 === 1 ? 503 : 200).end("at last\n");
  },
  "/accept": (request, response) => {
    response.writeHead(200, { vary: "Accept-Encoding, Accept" });
    response.end(`as ${request.headers.accept}\n`);
  },
  "/packed": (request, response) => {
    const isPacked = request.headers["accept-encoding"] === "gzip";
    response.writeHead(200, { ...(isPacked ? { "content-encoding": "gzip" } : {}) });
    response.end(isPacked ? gzipSync("packed\n") : "packed\n");
  },
  // A server that calls a file's own compression the transfer's.
  "/file.gz": (_, response) => {
    response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("a file\n"));
  },
  "/private": (request, response) => {
    const isKnown = request.headers.authorization === `Basic ${btoa("name:s3cret")}`;
    const headers = { "www-authenticate": 'Basic realm="x"', "set-cookie": "session=s3cret" };
    response.writeHead(isKnown ? 200 : 401, headers).end(isKnown ? "private\n" : "");
  },
  "/post": async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    response.end(`posted ${Buffer.concat(chunks).toString()}\n`);
  },
  "/big": (_, response) => {
    response.writeHead(200, { "content-length": BIG });
    pump(response, BIG);
  },
  "/cut": (_, response) => {
    response.writeHead(200, { "content-length": 1_000_000 });
    response.write(Buffer.alloc(500_000));
    setTimeout(() => response.destroy(), 50);
  },
};

function text(body: string): RequestListener {
  return (_, response) => {
    const headers = { "content-type": "text/plain", etag: '"1"', "accept-ranges": "bytes" };
    response.writeHead(200, { ...headers, "content-length": body.length }).end(body);
  };
}

function pump(response: ServerResponse, left: number): void {
  const chunk = Buffer.alloc(1024 * 1024, 65);
  let rest = left;
  while (rest > 0) {
    rest -= chunk.length;
    if (!response.write(chunk)) return void response.once("drain", () => pump(response, rest));
  }
  response.end();
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}
