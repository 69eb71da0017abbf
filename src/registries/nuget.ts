/** NuGet: sources of packages of .NET's (protocol 3); and .NET itself, as Microsoft builds it. */
import { takeCredentials } from "../lib/secrets.ts";
import { TOOLS } from "../protocol/layout.ts";
import type { Address } from "./address.ts";
import { type Item, indexItem } from "./item.ts";
import { type Destination, mirrored } from "./mirror.ts";
import { encode, qualifiers } from "./package-url.ts";
import { defineRegistry } from "./registry.ts";
import { anyVersion, hasBelow, IN_CONFIG, type WantedRule } from "./wanted-line.ts";

const NUGET_HOST = "https://api.nuget.org/";

/** What tells where all else is. Source: learn.microsoft.com, "NuGet Server API", "Service index". */
export const NUGET_SOURCE = `${NUGET_HOST}v3/index.json`;

/** SDKs and runtimes, with the lists of them; a mirror keeps its layout. */
export const DOTNET_DIST = "https://builds.dotnet.microsoft.com/dotnet/";

/** The same on a host that was there before. */
const DOTNET_DISTS = [DOTNET_DIST, "https://dotnetcli.azureedge.net/dotnet/"] as const;

export const DOTNET_DIST_VARIABLE = "NUA_DOTNET_DIST";
export const NUGET_SOURCE_VARIABLE = "NUA_NUGET_SOURCE";

export const nuget = defineRegistry({
  kind: "nuget",
  settings: [
    {
      ...{ name: "nugetSource", variable: NUGET_SOURCE_VARIABLE, key: "nuget.source" },
      about: "Address of a source of NuGet packages: its service index (v3/index.json)",
      holds: "address",
      check: { name: "NuGet source", path: "" },
    },
    {
      ...{ name: "dotnetDist", variable: DOTNET_DIST_VARIABLE, key: "dotnet.dist" },
      about: "Address of a server with SDKs and runtimes of .NET",
      holds: "address",
      check: { name: "builds of .NET", path: "release-metadata/releases-index.json" },
    },
  ],

  /** "NuGet .NET Core MSBuild Task/6.11.1 (Linux)", "NuGet Command Line/6.8". */
  agents: { nuget: "nuget" },

  /**
   * What a restore leaves in a project's folder "obj": paths of the machine that it was made on. The
   * sources of others may be in a folder of that name, so that only its files tell.
   */
  installs: [{ name: null, markers: ["project.assets.json"], detail: "restored by NuGet" }],

  /**
   * Whatever runs .NET, nothing of it ends in the image, and nothing of it goes on when it has ended.
   * Source: learn.microsoft.com, ".NET environment variables", "Managing the global packages folder".
   */
  clients({ settings: { nugetSource, dotnetDist }, folder }) {
    return {
      env: {
        // Its user writes there, beside the file below, whose folder is not his.
        DOTNET_CLI_HOME: folder,
        DOTNET_CLI_TELEMETRY_OPTOUT: "1",
        DOTNET_GENERATE_ASPNET_CERTIFICATE: "false",
        DOTNET_NOLOGO: "1",
        DOTNET_SKIP_FIRST_TIME_EXPERIENCE: "1",
        // There for what is built upon a layer of dependencies.
        NUGET_PACKAGES: `${TOOLS}/nuget/packages`,
        NUGET_HTTP_CACHE_PATH: `${folder}/nuget/http`,
        NUGET_SCRATCH: `${folder}/nuget/scratch`,
        NUGET_XMLDOC_MODE: "skip",
        // Servers of the compiler and of MSBuild.
        MSBUILDDISABLENODEREUSE: "1",
        UseSharedCompilation: "false",
        // Read by app_builder itself, and by what leads an app's own sources to the mirror.
        ...(dotnetDist === undefined ? {} : { [DOTNET_DIST_VARIABLE]: dotnetDist }),
        ...(nugetSource === undefined
          ? {}
          : { [NUGET_SOURCE_VARIABLE]: takeCredentials(nugetSource)?.url ?? nugetSource }),
      },
      files:
        nugetSource === undefined
          ? []
          : [{ path: `${folder}/.nuget/NuGet/NuGet.Config`, text: configFile(nugetSource.trim()) }],
    };
  },

  destinations({ url }, { nugetSource, dotnetDist }): Destination[] {
    return [...toSource(url, nugetSource), ...mirrored(url, DOTNET_DISTS, dotnetDist)];
  },

  identify: (address) => readPackage(address) ?? readProduct(address) ?? readIndex(address),

  nameOf: (segments) => segments.at(-2) ?? "",

  /** An SDK or a runtime is for one processor, and no package. */
  packageUrl: ({ name, version, arch, url }) =>
    arch === undefined
      ? `pkg:nuget/${encode(name)}@${encode(version)}`
      : `pkg:generic/${encode(name)}@${encode(version)}${qualifiers({ arch, download_url: url })}`,

  wanted: [
    { file: /^packages\.lock\.json$/, find: findInLock },
    { file: /\.(cs|fs|vb)proj$|^Directory\.Packages\.props$/i, find: findInProject },
    { file: /\.(cs|fs|vb)proj$|\.props$/i, find: anyVersion(namesIn) },
    { file: /^(global\.json|\.tool-versions|mise\.toml)$/, find: findPin },
    IN_CONFIG,
  ],
});

// --- internal ---

/** Of the user: what an app says in its own counts more. Its source has the name that all know. */
function configFile(source: string): string {
  const credentials = takeCredentials(source);
  const address = credentials?.url ?? source;
  // NuGet 6.12 refuses addresses without TLS unless it is told otherwise.
  const plain = address.startsWith("http:") ? ' allowInsecureConnections="true"' : "";
  const entry = (key: string, value: string) => `<add key="${key}" value="${escaped(value)}" />`;
  const secrets =
    credentials === undefined
      ? ""
      : `  <packageSourceCredentials>\n    <nuget.org>${entry("Username", credentials.name)}${entry("ClearTextPassword", credentials.password)}</nuget.org>\n  </packageSourceCredentials>\n`;
  return `<?xml version="1.0" encoding="utf-8"?>\n<configuration>\n  <packageSources>\n    <add key="nuget.org" value="${escaped(address)}" protocolVersion="3"${plain} />\n  </packageSources>\n${secrets}</configuration>\n`;
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** The index leads to all else, on the mirror. */
function toSource(url: string, source: string | undefined): Destination[] {
  if (source === undefined || !url.startsWith(NUGET_HOST)) return [];
  const address = source.trim();
  if (url === NUGET_SOURCE) {
    const plain = takeCredentials(address)?.url ?? address;
    return [{ url: plain, mirror: { from: url, to: plain } }];
  }
  // The same where it has the same paths.
  return /\/v3\/index\.json$/.test(address)
    ? mirrored(url, [NUGET_HOST], address.replace(/v3\/index\.json$/, ""))
    : [];
}

/** Ids have 100 characters at most. Source: the gallery of NuGet. */
const LONGEST_NAME = 256;

/** Paths are in small letters: `…/ID/VERSION/ID.VERSION.nupkg`. */
function readPackage({ segments, file, plain }: Address): Item | undefined {
  const [name = "", version = ""] = segments.slice(-3, -1);
  if (
    /^\d+\.\d+/.test(version) &&
    file.toLowerCase() === `${name}.${version}.nupkg`.toLowerCase()
  ) {
    return { kind: "nuget", name, version };
  }
  if (/^\d+\.\d+/.test(version) && file.toLowerCase() === `${name}.nuspec`.toLowerCase()) {
    return indexItem(plain);
  }
  if (file.length > LONGEST_NAME) return undefined;
  const [, own, found] = /^([A-Za-z][\w.-]*?)\.(\d+\.\d+[\w.+-]*)\.nupkg$/.exec(file) ?? [];
  return own === undefined ? undefined : { kind: "nuget", name: own, version: found! };
}

/** `dotnet-sdk-8.0.404-linux-x64.tar.gz`; lists say what there is. */
function readProduct({ plain, file, path }: Address): Item | undefined {
  if (/\/release-metadata\/(?:[\d.]+\/)?releases(?:-index)?\.json$/.test(path)) {
    return indexItem(plain);
  }
  const [, name, version, arch] =
    /^(dotnet-sdk|dotnet-runtime|aspnetcore-runtime)-(\d+\.\d+\.\d+)-linux-(\w+)\.tar\.gz$/.exec(
      file,
    ) ?? [];
  return name === undefined ? undefined : { kind: "nuget", name, version: version!, arch: arch! };
}

/** The service index, versions of a package, its registration, searches, known faults. */
function readIndex({ plain, client, path, segments }: Address): Item | undefined {
  const isOurs = client === "nuget" || plain.startsWith(NUGET_HOST);
  if (!isOurs) return undefined;
  const isOne = /\/index\.json$|\/page\/|\.json$/.test(path) || segments.length < 2;
  return isOne ? indexItem(plain) : undefined;
}

/** `"Greet": {`, and below `"resolved": "1.0.0"`. */
function findInLock(...[lines, { name }, version]: Parameters<WantedRule["find"]>): number {
  const key = `"${name.toLowerCase()}": {`;
  return lines.findIndex(
    (line, at) =>
      line.trim().toLowerCase() === key &&
      hasBelow(lines, at, version, /^\s*"resolved": "([^"]+)"/, /^\s*\}/),
  );
}

/** `<PackageReference Include="Greet" Version="1.0.0" />` */
function findInProject(...[lines, item, version]: Parameters<WantedRule["find"]>): number {
  return lines.findIndex((line) => {
    const [, given] = /\bVersion="\[?([\w.+-]+)/.exec(line) ?? [];
    return given === version && namesIn(line, item).includes(item.name);
  });
}

/** As the item writes it, where they are the same: NuGet does not tell capitals from small letters. */
function namesIn(line: string, { name }: Item): string[] {
  const [, found] = /<Package(?:Reference|Version)\s+(?:Include|Update)="([^"]+)"/.exec(line) ?? [];
  return found?.toLowerCase() === name.toLowerCase() ? [name] : [];
}

/** A line about an SDK, whatever versions it allows. */
function findPin(lines: readonly string[], { arch }: Item, version: string): number {
  if (version !== "" || arch === undefined) return -1;
  return lines.findIndex((line) => /dotnet|"version"/i.test(line));
}
