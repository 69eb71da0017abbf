/**
 * A package index, an npm registry and an apt repository that are reached by nothing but a proxy
 * with a password, ask for a password of their own, and have a certificate of a CA of the test's.
 */
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { createTar } from "nanotar";
import { $ } from "zx";
import { tinyweb } from "./site.ts";

/** Names that no resolver knows: the proxy alone does. */
const SECURE_HOST = "packages.nua.invalid";
const APT_HOST = "apt.nua.invalid";

export const PROXY_USER = "proxy-user:pr%40xy-s3cret";
export const INDEX_USER = "index-user:ind3x-s3cret";

export interface GuardedSite extends AsyncDisposable {
  /** Settings of nua-build, for containers that reach this machine at that address. */
  settings(gateway: string): Record<string, string>;
  /** What has to be found nowhere. */
  traces: string[];
  /** Paths that were asked for, with the host. */
  asked: string[];
}

/** @param folder for what it makes */
export async function startGuardedSite(folder: string): Promise<GuardedSite> {
  const files = { ...(await aptRepository(folder)), ...npmRegistry(), ...pipIndex() };
  const tls = await createCertificates(folder);
  const asked: string[] = [];
  const answer = (request: Request, host: string): Response => {
    const { pathname } = new URL(request.url);
    asked.push(`${host}${pathname}`);
    const wanted = `Basic ${Buffer.from(INDEX_USER).toString("base64")}`;
    if (host === SECURE_HOST && request.headers.get("authorization") !== wanted) {
      const headers = { "www-authenticate": 'Basic realm="test"' };
      return new Response("", { status: 401, headers });
    }
    const found = files[`${host}${decodeURIComponent(pathname)}`];
    if (found === undefined) return new Response("", { status: 404 });
    return new Response(found.body, { headers: { "content-type": found.type } });
  };
  const common = { port: 0, hostname: "127.0.0.1" };
  const secure = Bun.serve({ ...common, tls, fetch: (request) => answer(request, SECURE_HOST) });
  const plain = Bun.serve({ ...common, fetch: (request) => answer(request, APT_HOST) });
  const proxy = startProxy({ [`${SECURE_HOST}:443`]: secure.port!, [APT_HOST]: plain.port! });
  await new Promise<void>((resolve) => proxy.listen(0, "0.0.0.0", resolve));
  const { port } = proxy.address() as AddressInfo;
  const certificate = await readFile(join(folder, "ca.pem"), "utf8");
  return {
    settings: (gateway) => ({
      NUA_HTTP_PROXY: `http://${PROXY_USER}@${gateway}:${port}`,
      NUA_HTTPS_PROXY: `http://${PROXY_USER}@${gateway}:${port}`,
      NUA_PIP_INDEX: `https://${INDEX_USER}@${SECURE_HOST}/simple/`,
      NUA_NPM_REGISTRY: `https://${INDEX_USER}@${SECURE_HOST}/npm/`,
      NUA_APT_MIRROR: `deb [trusted=yes] http://${APT_HOST}/ ./`,
      NUA_CA: join(folder, "ca.pem"),
    }),
    traces: [
      ...["pr%40xy-s3cret", "pr@xy-s3cret", "ind3x-s3cret", SECURE_HOST, APT_HOST],
      ...[PROXY_USER, "proxy-user:pr@xy-s3cret", INDEX_USER].map((user) => btoa(user)),
      certificate.split("\n")[2]!,
    ],
    asked,
    async [Symbol.asyncDispose]() {
      proxy.closeAllConnections();
      proxy.close();
      await Promise.all([secure.stop(true), plain.stop(true)]);
    },
  };
}

// --- internal ---

type Files = Record<string, { body: string | Uint8Array<ArrayBuffer>; type: string }>;

function pipIndex(): Files {
  const wheel = "tinyweb-1.0-py3-none-any.whl";
  const link = `<a href="/wheels/${wheel}">${wheel}</a>`;
  return {
    [`${SECURE_HOST}/simple/tinyweb/`]: { body: link, type: "text/html" },
    [`${SECURE_HOST}/wheels/${wheel}`]: {
      body: new Uint8Array(tinyweb("1.0")),
      type: "application/zip",
    },
  };
}

/** One package, as the registry's API tells it. */
function npmRegistry(): Files {
  const name = "nua-guarded";
  const manifest = { name, version: "1.0.0", main: "index.js" };
  const tar = createTar([
    { name: "package/package.json", data: JSON.stringify(manifest) },
    { name: "package/index.js", data: "module.exports = 'guarded';\n" },
  ]);
  const tarball = new Uint8Array(gzipSync(tar));
  const integrity = `sha512-${createHash("sha512").update(tarball).digest("base64")}`;
  const address = `https://${SECURE_HOST}/npm/${name}/-/${name}-1.0.0.tgz`;
  const document = {
    name,
    "dist-tags": { latest: "1.0.0" },
    versions: { "1.0.0": { ...manifest, dist: { tarball: address, integrity } } },
  };
  return {
    [`${SECURE_HOST}/npm/${name}`]: { body: JSON.stringify(document), type: "application/json" },
    [`${SECURE_HOST}/npm/${name}/-/${name}-1.0.0.tgz`]: { body: tarball, type: "application/gzip" },
  };
}

/** A flat repository of one package: sources.list(5), dpkg-scanpackages(1). */
async function aptRepository(folder: string): Promise<Files> {
  const tree = join(folder, "deb");
  await mkdir(join(tree, "DEBIAN"), { recursive: true });
  await mkdir(join(tree, "usr/share"), { recursive: true });
  const control = [
    ...["Package: nua-guarded", "Version: 1.0", "Architecture: all"],
    ...["Maintainer: Test <test@example.org>", "Description: a package of the test's"],
  ].join("\n");
  await writeFile(join(tree, "DEBIAN/control"), `${control}\n`);
  await writeFile(join(tree, "usr/share/nua-guarded"), "from the guarded repository\n");
  const file = join(folder, "nua-guarded.deb");
  await $({ quiet: true })`dpkg-deb --root-owner-group --build ${tree} ${file}`;
  const deb = new Uint8Array(await readFile(file));
  const sha256 = createHash("sha256").update(deb).digest("hex");
  const entry = `${control}\nFilename: ./nua-guarded.deb\nSize: ${deb.length}\nSHA256: ${sha256}\n`;
  await rm(tree, { recursive: true });
  return {
    [`${APT_HOST}/Packages`]: { body: `${entry}\n`, type: "text/plain" },
    [`${APT_HOST}/./Packages`]: { body: `${entry}\n`, type: "text/plain" },
    [`${APT_HOST}/nua-guarded.deb`]: { body: deb, type: "application/vnd.debian.binary-package" },
    [`${APT_HOST}/./nua-guarded.deb`]: { body: deb, type: "application/vnd.debian.binary-package" },
  };
}

async function createCertificates(folder: string): Promise<{ cert: string; key: string }> {
  const at = (name: string) => join(folder, name);
  const run = $({ quiet: true });
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  await run`openssl req -x509 ${curve} -keyout ${at("ca.key")} -out ${at("ca.pem")} -days 2 -subj /CN=nua-test-ca`;
  await run`openssl req ${curve} -keyout ${at("site.key")} -out ${at("site.csr")} -subj /CN=${SECURE_HOST}`;
  await writeFile(at("names"), `subjectAltName=DNS:${SECURE_HOST}\n`);
  await run`openssl x509 -req -in ${at("site.csr")} -CA ${at("ca.pem")} -CAkey ${at("ca.key")} -CAcreateserial -days 2 -extfile ${at("names")} -out ${at("site.pem")}`;
  return {
    cert: await readFile(at("site.pem"), "utf8"),
    key: await readFile(at("site.key"), "utf8"),
  };
}

/** @param places ports of this machine, by `host:port` for CONNECT and by host for plain http */
function startProxy(places: Readonly<Record<string, number>>) {
  const wanted = `Basic ${Buffer.from(decodeURIComponent(PROXY_USER)).toString("base64")}`;
  const isKnown = (request: IncomingMessage) => request.headers["proxy-authorization"] === wanted;
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "", "http://none.invalid");
    const port = places[url.hostname];
    if (!isKnown(request) || port === undefined) {
      response.writeHead(407, { "proxy-authenticate": 'Basic realm="test"' }).end();
      return;
    }
    const answer = await fetch(`http://127.0.0.1:${port}${url.pathname}`);
    const body = Buffer.from(await answer.arrayBuffer());
    response.writeHead(answer.status, { "content-length": body.length }).end(body);
  });
  server.on("connect", (request, socket) => {
    const port = places[request.url ?? ""];
    if (!isKnown(request) || port === undefined) {
      socket.end('HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm="test"\r\n\r\n');
      return;
    }
    const upstream = connect(port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on("error", () => socket.destroy());
    socket.on("error", () => upstream.destroy());
  });
  return server;
}
