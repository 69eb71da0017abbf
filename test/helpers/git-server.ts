/** Repositories on loopback: by git's own smart protocol, or as plain files ("dumb"). */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

export interface GitServer extends Disposable {
  /** Ends with a slash. */
  url: string;
  /** Paths that were asked for. */
  asked: string[];
}

/**
 * @param root the folder with the repositories, each bare
 * @param options `account`: `name:password` without which nothing is given out
 */
export function startGitServer(
  root: string,
  { account, isDumb = false, hostname = "127.0.0.1" }: Partial<Options> = {},
): GitServer {
  const asked: string[] = [];
  const server = Bun.serve({
    port: 0,
    hostname,
    async fetch(request) {
      asked.push(new URL(request.url).pathname);
      const given = request.headers.get("authorization");
      if (account !== undefined && given !== `Basic ${btoa(account)}`) {
        const headers = { "www-authenticate": 'Basic realm="git"' };
        return new Response("", { status: 401, headers });
      }
      return isDumb ? plainFile(root, request) : await smartAnswer(root, request);
    },
  });
  return {
    url: `http://${hostname}:${server.port}/`,
    asked,
    [Symbol.dispose]: () => void server.stop(true),
  };
}

// --- internal ---

interface Options {
  account: string;
  isDumb: boolean;
  hostname: string;
}

function plainFile(root: string, request: Request): Response {
  const file = join(root, new URL(request.url).pathname);
  const isThere = existsSync(file) && statSync(file).isFile();
  return isThere ? new Response(readFileSync(file)) : new Response("", { status: 404 });
}

/** Source: git-http-backend(1). */
async function smartAnswer(root: string, request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const child = Bun.spawn(["git", "http-backend"], {
    stdin: new Uint8Array(await request.arrayBuffer()),
    env: {
      ...{ PATH: process.env.PATH, GIT_PROJECT_ROOT: root, GIT_HTTP_EXPORT_ALL: "1" },
      ...{ PATH_INFO: pathname, QUERY_STRING: search.slice(1), REQUEST_METHOD: request.method },
      CONTENT_TYPE: request.headers.get("content-type") ?? "",
      GIT_PROTOCOL: request.headers.get("git-protocol") ?? "",
      HTTP_CONTENT_ENCODING: request.headers.get("content-encoding") ?? "",
      ...{ GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: "uploadpack.allowFilter" },
      GIT_CONFIG_VALUE_0: "true",
    },
  });
  const output = Buffer.from(await new Response(child.stdout).arrayBuffer());
  const end = output.indexOf("\r\n\r\n");
  const headers = output
    .subarray(0, end)
    .toString()
    .split("\r\n")
    .map((line): [string, string] => {
      const at = line.indexOf(":");
      return [line.slice(0, at), line.slice(at + 1).trim()];
    });
  const status = Number(headers.find(([name]) => name === "Status")?.[1].slice(0, 3) ?? 200);
  return new Response(output.subarray(end + 4), { status, headers });
}
