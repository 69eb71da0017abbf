/** Go modules: a module proxy, which has Go itself as well, and the checksum database. */

import { publicUrl } from "../lib/secrets.ts";
import { withSlash } from "../lib/urls.ts";
import { TOOLS } from "../protocol/layout.ts";
import type { Address } from "./address.ts";
import { type Item, indexItem } from "./item.ts";
import { mirrored } from "./mirror.ts";
import { encode } from "./package-url.ts";
import { defineRegistry } from "./registry.ts";
import { anyVersion, IN_CONFIG, type WantedRule } from "./wanted-line.ts";

export const GO_PROXY = "https://proxy.golang.org/";

/** Go itself, as a module: one version for each release and system. Source: go.dev/doc/toolchain. */
export const TOOLCHAIN = "golang.org/toolchain";

export const GO_PROXY_VARIABLE = "NUA_GO_PROXY";
export const GO_SUMDB_VARIABLE = "NUA_GO_SUMDB";

export const go = defineRegistry({
  kind: "go",
  settings: [
    {
      ...{ name: "goProxy", variable: GO_PROXY_VARIABLE, key: "go.proxy" },
      about: "Address of a Go module proxy",
      holds: "address",
      check: { name: "Go module proxy", path: `${TOOLCHAIN}/@v/list` },
    },
    {
      ...{ name: "goPrivate", variable: "NUA_GO_PRIVATE", key: "go.private" },
      // Source: go.dev/ref/mod, "Private modules".
      alias: "GOPRIVATE",
      about: "Go modules that come from their own repositories, as GOPRIVATE has them",
      holds: "words",
    },
    {
      ...{ name: "goSumdb", variable: GO_SUMDB_VARIABLE, key: "go.sumdb" },
      alias: "GOSUMDB",
      about: "Go's checksum database, as GOSUMDB has it; off: none",
      holds: "words",
    },
  ],

  /** "Go-http-client/1.1". */
  agents: { "go-http-client": "go" },

  caches: [{ name: "gobuild", isShared: true }],

  /** Whatever runs Go, nothing of it ends in the image. */
  clients({ settings: { goProxy, goPrivate, goSumdb }, folder }) {
    return {
      env: {
        // Go itself is the one of the image.
        GOTOOLCHAIN: "local",
        GOPATH: `${folder}/go`,
        // There for what is built upon a layer of dependencies.
        GOMODCACHE: `${TOOLS}/go/mod`,
        GOCACHE: `${folder}/gobuild`,
        ...(goProxy === undefined ? {} : { GOPROXY: goProxy, [GO_PROXY_VARIABLE]: goProxy }),
        ...(goPrivate === undefined ? {} : { GOPRIVATE: goPrivate }),
        ...(goSumdb === undefined ? {} : { GOSUMDB: goSumdb, [GO_SUMDB_VARIABLE]: goSumdb }),
      },
    };
  },

  destinations({ url }, { goProxy }) {
    // A proxy hands out the database, too; the other way round it does not.
    const database = goProxy && `${withSlash(publicUrl(goProxy))}sumdb/sum.golang.org/`;
    return [
      ...mirrored(url, [GO_PROXY], goProxy),
      ...mirrored(url, ["https://sum.golang.org/"], database),
    ];
  },

  identify: (address) => readModule(address) ?? readChecksum(address),

  nameOf: (segments) => segments.join("/"),

  /** Source: package-url, "golang": its name in small letters. */
  packageUrl: ({ name, version }) =>
    `pkg:golang/${name.toLowerCase().split("/").map(encode).join("/")}@${encode(version)}`,

  wanted: [
    { file: /^go(\.work)?\.sum$/, find: findInSum },
    { file: /^go\.(mod|work)$/, find: findInMod },
    { file: /^go\.(mod|work)$/, find: anyVersion(moduleWords) },
    IN_CONFIG,
  ],
});

// --- internal ---

/** A capital is written "!a". Source: go.dev/ref/mod, "GOPROXY protocol". */
function unescaped(path: string): string {
  return path.replace(/!([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** MODULE/@v/VERSION.zip; its index: MODULE/@v/list, VERSION.info, and MODULE/@latest. */
function readModule({ segments, file, plain }: Address): Item | undefined {
  const at = segments.findLastIndex((one) => one === "@v" || one === "@latest");
  if (at < 1) return undefined;
  if (segments[at] === "@latest" || file === "list") return indexItem(plain);
  const [, version, ending] = /^(v.+)\.(info|mod|zip|ziphash)$/.exec(file) ?? [];
  if (version === undefined || at !== segments.length - 2) return undefined;
  if (ending !== "zip") return indexItem(plain);
  return { kind: "go", name: nameBefore(segments, at), version: unescaped(version) };
}

/** A proxy may have folders of its own before: a module's path begins with a host. */
function nameBefore(segments: readonly string[], end: number): string {
  const start = segments.findIndex((one, index) => index < end && one.includes("."));
  return unescaped(segments.slice(Math.max(start, 0), end).join("/"));
}

/** The checksum database: /lookup/MODULE@VERSION, /tile/…, /latest, /supported. */
function readChecksum({ plain, path }: Address): Item | undefined {
  const isDatabase = /^https?:\/\/sum\.golang\.org\//.test(plain) || path.startsWith("/sumdb/");
  const isPart = /\/(lookup\/.+@v|tile\/\d+\/|latest$|supported$)/.test(path);
  return isDatabase || (path.includes("/sumdb/") && isPart) ? indexItem(plain) : undefined;
}

/** `golang.org/x/text v0.3.0 h1:…` */
function findInSum(...[lines, { name }, version]: Parameters<WantedRule["find"]>): number {
  return lines.findIndex((line) => {
    const [path, found] = line.trim().split(/\s+/);
    return path === name && (version === "" || found === version);
  });
}

/** `golang.org/x/text v0.3.0 // indirect` */
function findInMod(...[lines, { name }, version]: Parameters<WantedRule["find"]>): number {
  return lines.findIndex((line) => {
    const words = line.trim().split(/\s+/);
    const at = words.indexOf(name);
    return at >= 0 && words[at + 1] === version;
  });
}

function moduleWords(line: string): string[] {
  return line.trim().split(/\s+/);
}
