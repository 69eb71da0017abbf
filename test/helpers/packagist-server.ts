/**
 * A small Packagist that speaks what Composer does: packages.json, metadata of each package, and
 * archives with their checksums. Source: getcomposer.org, "Repositories", "composer".
 */
import { createHash } from "node:crypto";
import { createZip } from "./zip.ts";

export interface PhpPackage {
  /** VENDOR/NAME. */
  name: string;
  /** Three numbers. */
  version: string;
  /** Texts by path. */
  files: Readonly<Record<string, string>>;
  require?: Readonly<Record<string, string>>;
  autoload?: Readonly<Record<string, unknown>>;
  type?: string;
  extra?: Readonly<Record<string, unknown>>;
}

export interface PackagistServer extends Disposable {
  port: number;
  /** Paths that were asked for. */
  asked: string[];
}

export interface PackagistOptions {
  /** What has to be given with each request. */
  password?: { name: string; password: string };
}

export function startPackagist(
  packages: readonly PhpPackage[],
  { password }: PackagistOptions = {},
): PackagistServer {
  const asked: string[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "0.0.0.0",
    fetch(request) {
      const { pathname, origin } = new URL(request.url);
      asked.push(pathname);
      if (password !== undefined) {
        const wanted = `Basic ${btoa(`${password.name}:${password.password}`)}`;
        if (request.headers.get("authorization") !== wanted) {
          return new Response("", { status: 401, headers: { "www-authenticate": "Basic" } });
        }
      }
      return answer(pathname, { origin, packages });
    },
  });
  return { port: server.port ?? 0, asked, [Symbol.dispose]: () => void server.stop(true) };
}

/** What composer.lock says of a package. @param origin of the server that has its archive */
export function lockedPackage(one: PhpPackage, origin: string): Record<string, unknown> {
  const { name, version, require, autoload, type = "library", extra } = one;
  return {
    ...{ name, version, type, require: require ?? {} },
    dist: {
      ...{ type: "zip", url: distUrl(one, origin), reference: reference(one) },
      shasum: createHash("sha1").update(archiveOf(one)).digest("hex"),
    },
    ...(autoload === undefined ? {} : { autoload }),
    ...(extra === undefined ? {} : { extra }),
  };
}

// --- internal ---

interface Offer {
  origin: string;
  packages: readonly PhpPackage[];
}

function answer(path: string, { origin, packages }: Offer): Response {
  if (path === "/packages.json") {
    return Response.json({ packages: [], "metadata-url": "/p2/%package%.json" });
  }
  const [, name] = /^\/p2\/(.+)\.json$/.exec(path) ?? [];
  const known = packages.filter((one) => one.name === name);
  if (known.length > 0) {
    const versions = known.map((one) => ({
      ...{ ...lockedPackage(one, origin), version_normalized: `${one.version}.0` },
    }));
    return Response.json({ packages: { [name!]: versions } });
  }
  const one = packages.find((each) => distUrl(each, "") === path);
  if (one === undefined) return new Response("", { status: 404 });
  return new Response(new Uint8Array(archiveOf(one)));
}

function distUrl(one: PhpPackage, origin: string): string {
  return `${origin}/dists/${one.name}/${one.version}.0/${reference(one)}.zip`;
}

/** As a revision of git. */
function reference({ name, version }: PhpPackage): string {
  return createHash("sha1").update(`${name} ${version}`).digest("hex");
}

/** Below a folder of its own, as forges have it. */
function archiveOf({ name, version, files, ...more }: PhpPackage): Buffer {
  const all = { "composer.json": JSON.stringify({ name, ...more }), ...files };
  const top = name.replace("/", "-");
  return createZip(Object.entries(all).map(([path, text]) => ({ name: `${top}/${path}`, text })));
}
