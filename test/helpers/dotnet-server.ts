/**
 * A small server of .NET's builds and of NuGet packages that speaks what their clients do: lists of
 * releases with their archives; a service index, a flat container and registrations.
 * Source: github.com/dotnet/core, release-notes; learn.microsoft.com, "NuGet Server API".
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type DotnetSdk, RUNTIME_VERSION, SDK_VERSION } from "./dotnet-sdk.ts";

export interface NugetPackage {
  id: string;
  version: string;
  /** The .nupkg. */
  bytes: Uint8Array;
}

export interface DotnetServer extends Disposable {
  port: number;
  /** Paths that were asked for. */
  asked: string[];
}

/** @param damage of the archives */
export async function startDotnetServer(
  { archives }: DotnetSdk,
  packages: readonly NugetPackage[],
  { password }: { password?: string } = {},
): Promise<DotnetServer> {
  const asked: string[] = [];
  const lists = await releaseLists(archives);
  const server = Bun.serve({
    port: 0,
    hostname: "0.0.0.0",
    idleTimeout: 120,
    fetch(request) {
      const { pathname, origin } = new URL(request.url);
      asked.push(pathname);
      const path = pathname.replace(/^\/dotnet\//, "");
      if (lists[path] !== undefined) return Response.json(lists[path]);
      if (archives[path] !== undefined) return new Response(Bun.file(archives[path]));
      if (password !== undefined && request.headers.get("authorization") !== basic(password)) {
        return new Response("", { status: 401, headers: { "www-authenticate": "Basic" } });
      }
      return nuget(pathname.toLowerCase(), origin, packages) ?? new Response("", { status: 404 });
    },
  });
  return { port: server.port ?? 0, asked, [Symbol.dispose]: () => void server.stop(true) };
}

// --- internal ---

function basic(password: string): string {
  return `Basic ${Buffer.from(password).toString("base64")}`;
}

async function releaseLists(
  archives: DotnetSdk["archives"],
): Promise<Readonly<Record<string, unknown>>> {
  const file = async (start: string) => {
    const [path = ""] = Object.keys(archives).filter((one) => one.startsWith(start));
    const name = path
      .split("/")
      .at(-1)!
      .replace(/-\d+\.\d+\.\d+/, "");
    const url = `https://builds.dotnet.microsoft.com/dotnet/${path}`;
    return [{ name, rid: "linux-x64", url, hash: await sha512(archives[path]!) }];
  };
  const sdk = { version: SDK_VERSION, files: await file("Sdk/") };
  const channel = {
    ...{ "channel-version": "3.1", "latest-release": RUNTIME_VERSION, "latest-sdk": SDK_VERSION },
    ...{ "latest-runtime": RUNTIME_VERSION, "support-phase": "eol", "release-type": "lts" },
  };
  const release = {
    ...{ "release-version": RUNTIME_VERSION, "release-date": "2020-02-18" },
    runtime: { version: RUNTIME_VERSION, files: await file("Runtime/") },
    "aspnetcore-runtime": { version: RUNTIME_VERSION, files: await file("aspnetcore/") },
    ...{ sdk, sdks: [sdk] },
  };
  const path = "release-metadata/3.1/releases.json";
  const address = `https://builds.dotnet.microsoft.com/dotnet/${path}`;
  return {
    "release-metadata/releases-index.json": {
      "releases-index": [{ ...channel, "releases.json": address }],
    },
    [path]: { ...channel, releases: [release] },
  };
}

async function sha512(path: string): Promise<string> {
  const hash = createHash("sha512");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

function nuget(path: string, origin: string, packages: readonly NugetPackage[]): Response | null {
  if (path === "/v3/index.json") {
    return Response.json({
      version: "3.0.0",
      resources: [
        { "@id": `${origin}/v3-flatcontainer/`, "@type": "PackageBaseAddress/3.0.0" },
        { "@id": `${origin}/v3/registration/`, "@type": "RegistrationsBaseUrl" },
        { "@id": `${origin}/v3/registration/`, "@type": "RegistrationsBaseUrl/3.6.0" },
      ],
    });
  }
  const [, id, rest = ""] = /^\/v3-flatcontainer\/([^/]+)\/(.+)$/.exec(path) ?? [];
  const own = packages.filter((one) => one.id.toLowerCase() === id);
  if (own.length > 0) {
    if (rest === "index.json")
      return Response.json({ versions: own.map(({ version }) => version) });
    const found = own.find(({ version }) => rest === `${version}/${id}.${version}.nupkg`);
    return found === undefined ? null : new Response(new Uint8Array(found.bytes));
  }
  const [, name] = /^\/v3\/registration\/([^/]+)\/index\.json$/.exec(path) ?? [];
  const all = packages.filter((one) => one.id.toLowerCase() === name);
  return all.length === 0 ? null : Response.json(registration(all, `${origin}${path}`, origin));
}

function registration(all: readonly NugetPackage[], address: string, origin: string): object {
  const items = all.map(({ id, version }) => {
    const small = id.toLowerCase();
    const content = `${origin}/v3-flatcontainer/${small}/${version}/${small}.${version}.nupkg`;
    const entry = { "@id": `${address}#${version}`, id, version, listed: true };
    return {
      ...{ "@id": `${address}#${version}`, packageContent: content, registration: address },
      catalogEntry: { ...entry, packageContent: content },
    };
  });
  const versions = all.map(({ version }) => version);
  const page = { lower: versions[0], upper: versions.at(-1), count: items.length, items };
  return { "@id": address, count: 1, items: [{ "@id": `${address}#page`, ...page }] };
}
