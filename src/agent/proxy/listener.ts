/**
 * Accepts connections: HTTP proxy requests, and CONNECT tunnels with TLS terminated here. Some
 * clients tunnel plain HTTP as well.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Authority } from "./authority.ts";

/** @param url the whole address, as the client wrote it */
export type Handler = (
  incoming: IncomingMessage,
  response: ServerResponse,
  url: string,
) => Promise<void>;

export interface Listener {
  port: number;
  close(): void;
}

/** @param port 0: one that is free */
export async function startListener(
  authority: Authority,
  handle: Handler,
  port = 0,
): Promise<Listener> {
  const inner = new Map<string, Promise<Server>>();
  const startInner = (scheme: "http" | "https", target: string): Promise<Server> => {
    const { hostname, origin } = new URL(`${scheme}://${target}`);
    const listen = (incoming: IncomingMessage, response: ServerResponse) =>
      void run(handle, incoming, response, `${origin}${incoming.url ?? "/"}`);
    const pair = () => authority.pairFor(hostname.replace(/^\[|\]$/g, ""));
    const server = scheme === "http" ? createServer(listen) : createSecureServer(pair(), listen);
    return listening(server);
  };
  const front = createServer((incoming, response) => {
    const url = incoming.url ?? "";
    if (/^https?:\/\//i.test(url)) return void run(handle, incoming, response, url);
    answerText(response, 400, "This is a proxy: ask it for whole addresses");
  });
  front.on("connect", (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    const target = incoming.url ?? "";
    endQuietly(socket);
    if (!URL.canParse(`http://${target}`))
      return void socket.end("HTTP/1.1 400 Bad Request\r\n\r\n");
    socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
    const begin = async (first: Buffer) => {
      const scheme = first[0] === TLS_HANDSHAKE ? "https" : "http";
      const key = `${scheme}://${target}`;
      const server = inner.get(key) ?? startInner(scheme, target);
      inner.set(key, server);
      join(socket, first, portOf(await server));
    };
    if (head.length > 0) void begin(head);
    else
      socket.once("data", (first: Buffer) => {
        socket.pause();
        void begin(first);
      });
  });
  await listening(front, port);
  return {
    port: portOf(front),
    close() {
      shut(front);
      for (const server of inner.values()) void server.then(shut);
    },
  };
}

/** A short answer of the proxy's own. */
export function answerText(response: ServerResponse, status: number, text: string): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  const body = `${text}\n`;
  response.writeHead(status, {
    "content-type": "text/plain; charset=utf-8",
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}

// --- internal ---

/** The first byte of all that TLS sends first. Source: RFC 8446, 5.1. */
const TLS_HANDSHAKE = 0x16;

/** Seconds that an idle connection stays: package managers come back to theirs. */
const KEEP_ALIVE = 120;

async function run(
  handle: Handler,
  incoming: IncomingMessage,
  response: ServerResponse,
  url: string,
): Promise<void> {
  endQuietly(incoming);
  endQuietly(response);
  try {
    await handle(incoming, response, url);
  } catch (error) {
    answerText(response, 502, error instanceof Error ? error.message : String(error));
  }
}

/** Only this machine may ask. */
async function listening<T extends Server>(server: T, port = 0): Promise<T> {
  server.keepAliveTimeout = KEEP_ALIVE * 1000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  // What a client does to its connection is no fault of the build's.
  server.on("clientError", (_, socket) => socket.destroy());
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function shut(server: Server): void {
  server.close();
  server.closeAllConnections();
}

function join(socket: Duplex, first: Buffer, port: number): void {
  const onward: Socket = connect(port, "127.0.0.1", () => {
    onward.write(first);
    socket.pipe(onward).pipe(socket);
  });
  endQuietly(onward);
  socket.once("close", () => onward.destroy());
  onward.once("close", () => socket.destroy());
}

/** A connection that breaks is the client's to notice. */
function endQuietly(stream: { on(event: "error", listener: () => void): unknown }): void {
  stream.on("error", () => {});
}
