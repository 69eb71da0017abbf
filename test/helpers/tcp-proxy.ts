/** An engine's socket, reached over TCP on loopback: what a remote engine looks like to its client. */

export interface TcpProxy extends Disposable {
  /** For DOCKER_HOST. */
  host: string;
}

/** @param path of the engine's socket */
export function startTcpProxy(path: string): TcpProxy {
  const server = Bun.listen<{ socket?: Bun.Socket; early: Buffer[] }>({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      async open(client) {
        client.data = { early: [] };
        const socket = await Bun.connect({
          unix: path,
          socket: {
            data: (_, bytes) => void writeAll(client, bytes),
            close: () => void client.end(),
          },
        });
        client.data.socket = socket;
        for (const bytes of client.data.early) await writeAll(socket, bytes);
      },
      data({ data }, bytes) {
        if (data.socket) void writeAll(data.socket, bytes);
        else data.early.push(Buffer.from(bytes));
      },
      close: ({ data }) => void data.socket?.end(),
    },
  });
  return {
    host: `tcp://127.0.0.1:${server.port}`,
    [Symbol.dispose]: () => server.stop(true),
  };
}

// --- internal ---

const queues = new WeakMap<object, Promise<void>>();

/** In order: what a full socket did not take is tried again before anything else. */
function writeAll(socket: Bun.Socket<unknown>, bytes: Uint8Array): Promise<void> {
  const copy = Buffer.from(bytes);
  const before = queues.get(socket) ?? Promise.resolve();
  const written = before.then(async () => {
    for (let rest = copy; rest.length > 0 && socket.readyState === 1; ) {
      rest = rest.subarray(socket.write(rest));
      if (rest.length > 0) await Bun.sleep(1);
    }
  });
  queues.set(socket, written);
  return written;
}
