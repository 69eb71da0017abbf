/** A web site of the test's own: a Python package index, and archives of sources. */
import { createHash } from "node:crypto";
import { createTar } from "nanotar";
import { type Client, gatewayOf } from "./engine.ts";
import { createWheel, createZip } from "./zip.ts";

/** Serves one line: the name and version of the package. */
const SERVER = `from http.server import BaseHTTPRequestHandler, HTTPServer
from . import LINE
class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(LINE)
HTTPServer(("", 8000), Handler).serve_forever()
`;

export function tinyweb(version: string): Buffer {
  return createWheel("tinyweb", version, `LINE = b"tinyweb ${version}\\n"\n`, SERVER);
}

const WHEELS: Readonly<Record<string, Buffer>> = {
  "tinyweb-1.0-py3-none-any.whl": tinyweb("1.0"),
  "tinyweb-1.2-py3-none-any.whl": tinyweb("1.2"),
  "tinyweb-2.0-py3-none-any.whl": tinyweb("2.0"),
  // Meta-packages ask for it by name; what a database driver does is not tested here.
  "psycopg2_binary-2.9-py3-none-any.whl": createWheel(
    "psycopg2_binary",
    "2.9",
    'NAME = "not the real psycopg2"\n',
  ),
};

export const ZIP = createZip([
  { name: "top/bin/make", text: "#!/bin/sh\necho made by a script with its mode\n", mode: 0o755 },
  { name: "top/README", text: "A zip without entries for its folders\n" },
]);

const FILES: Readonly<Record<string, Uint8Array>> = {
  "zip-1.0.zip": ZIP,
  // Its name says nothing about its format, and it has no top folder.
  flat: createTar([
    { name: "hello.txt", data: "from a flat tar\n" },
    { name: "other.txt", data: "a second member at the top\n" },
  ]),
};

export interface Site extends Disposable {
  port: number;
  /** Paths that were asked for. */
  asked: string[];
}

export function startSite(): Site {
  const asked: string[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "0.0.0.0",
    fetch(request) {
      const { pathname } = new URL(request.url);
      asked.push(pathname);
      const [, kind, name = ""] = pathname.split("/");
      const file = kind === "files" ? FILES[name] : kind === "wheels" ? WHEELS[name] : undefined;
      if (file) return new Response(Buffer.from(file));
      const links = Object.keys(WHEELS)
        .filter((wheel) => wheel.split("-")[0]?.replaceAll("_", "-") === name)
        .map((wheel) => `<a href="/wheels/${wheel}">${wheel}</a>`);
      if (kind !== "simple" || links.length === 0) return new Response("", { status: 404 });
      return new Response(links.join("\n"), { headers: { "content-type": "text/html" } });
    },
  });
  return {
    port: server.port ?? 0,
    asked,
    [Symbol.dispose]: () => void server.stop(true),
  };
}

/** The settings by which a build of that engine finds the site's package index. */
export async function indexSettings(client: Client, site: Site): Promise<Record<string, string>> {
  const gateway = await gatewayOf(client);
  return {
    NUA_PIP_INDEX: `http://${gateway}:${site.port}/simple/`,
    NUA_PIP_TRUSTED_HOST: gateway,
  };
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
