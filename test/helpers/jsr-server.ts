/**
 * A small JSR that speaks what Deno does: what versions a package has, what a version has, and its
 * modules. Source: jsr.io/docs/api, "JSR registry API".
 */
import { createHash } from "node:crypto";

export interface JsrPackage {
  /** With its scope. */
  name: string;
  version: string;
  /** Texts by path, such as `mod.ts`. */
  files: Readonly<Record<string, string>>;
  /** Name of an export -> its file; absent: `mod.ts` is all. */
  exports?: Readonly<Record<string, string>>;
}

export interface JsrServer extends Disposable {
  port: number;
  /** Paths that were asked for. */
  asked: string[];
}

/** @param folder where the registry is on its server: a mirror need not be at the top */
export function startJsrServer(packages: readonly JsrPackage[], folder = "/jsr"): JsrServer {
  const asked: string[] = [];
  const documents = documentsOf(packages);
  const server = Bun.serve({
    port: 0,
    hostname: "0.0.0.0",
    fetch(request) {
      const { pathname } = new URL(request.url);
      asked.push(pathname);
      const text = documents.get(pathname.slice(folder.length));
      if (text === undefined) return new Response("", { status: 404 });
      const type = /\.tsx?$/.test(pathname) ? "text/typescript" : "application/json";
      // A time of its own in each answer: nothing of that may be in an image.
      const headers = { "content-type": type, etag: `"${performance.now()}"` };
      return new Response(text, { headers });
    },
  });
  return { port: server.port ?? 0, asked, [Symbol.dispose]: () => void server.stop(true) };
}

// --- internal ---

function documentsOf(packages: readonly JsrPackage[]): Map<string, string> {
  const documents = new Map<string, string>();
  for (const { name, version, files, exports = { ".": "mod.ts" } } of packages) {
    const [scope, bare] = name.slice(1).split("/");
    const versions = packages.filter((one) => one.name === name).map((one) => one.version);
    const listed = Object.fromEntries(versions.map((one) => [one, {}]));
    const meta = { scope, name: bare, latest: versions.at(-1), versions: listed };
    const manifest = Object.entries(files).map(([path, text]) => [
      `/${path}`,
      { size: Buffer.byteLength(text), checksum: `sha256-${sha256(text)}` },
    ]);
    const places = Object.entries(exports).map(([key, file]) => [key, `./${file}`]);
    documents.set(`/${name}/meta.json`, JSON.stringify(meta));
    documents.set(
      `/${name}/${version}_meta.json`,
      JSON.stringify({
        manifest: Object.fromEntries(manifest),
        moduleGraph2: {},
        exports: Object.fromEntries(places),
      }),
    );
    for (const [path, text] of Object.entries(files)) {
      documents.set(`/${name}/${version}/${path}`, text);
    }
  }
  return documents;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
