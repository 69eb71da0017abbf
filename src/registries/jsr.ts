/** JSR, the registry of Deno's packages, and the other registries that Deno reads from. */
import { publicUrl, takeCredentials } from "../lib/secrets.ts";
import { withSlash } from "../lib/urls.ts";
import type { Address } from "./address.ts";
import { type Item, indexItem } from "./item.ts";
import { mirrored } from "./mirror.ts";
import { encode } from "./package-url.ts";
import { defineRegistry } from "./registry.ts";
import { anyVersion, IN_CONFIG, type WantedRule } from "./wanted-line.ts";

export const JSR = "https://jsr.io/";

export const jsr = defineRegistry({
  kind: "jsr",
  settings: [
    {
      ...{ name: "jsrRegistry", variable: "NUA_JSR_REGISTRY", key: "jsr.registry" },
      // Source: denoland/deno, deno_resolver, jsr_url.
      alias: "JSR_URL",
      about: "Address of a JSR registry",
      holds: "address",
      check: { name: "JSR registry", path: "@std/assert/meta.json" },
    },
  ],

  /** "Deno/2.9.6". */
  agents: { deno: "deno" },

  /**
   * Where what is imported lies is not set here: the image has it. Deno reads variables of npm's in
   * capitals alone, and the file of its user.
   */
  clients({ settings, folder, certificates }) {
    const { jsrRegistry, npmRegistry } = settings;
    const npm = npmRegistry === undefined ? undefined : takeCredentials(npmRegistry);
    return {
      env: {
        // Its own are those of Mozilla.
        DENO_TLS_CA_STORE: "system,mozilla",
        ...(certificates === null ? {} : { DENO_CERT: certificates.added }),
        ...(jsrRegistry === undefined ? {} : jsrVariables(jsrRegistry)),
        ...(npmRegistry === undefined ? {} : { NPM_CONFIG_REGISTRY: publicUrl(npmRegistry) }),
      },
      files: npm === undefined ? [] : [{ path: `${folder}/.npmrc`, text: loginLine(npm) }],
    };
  },

  // It tells of the first that it lacks; with what has come it goes further.
  askForRest: (command) => (command.argv[0] === "deno" ? [command] : undefined),

  destinations: ({ url }, { jsrRegistry }) => mirrored(url, [JSR], jsrRegistry),

  identify: readModule,

  /** What it asks the npm registry for says nothing of who asks. */
  guess: (address) => (isDocument(address) ? indexItem(address.plain) : undefined),

  indexedPackage(address) {
    const at = placeOf(address);
    if (at !== undefined) return { kind: "jsr", name: at.name, version: "" };
    if (!isDocument(address)) return undefined;
    return { kind: "npm", name: lastTwo(address.segments), version: "" };
  },

  /** As JSR itself names its packages in the statements of their provenance. */
  packageUrl: ({ name, version }) =>
    `pkg:jsr/${name.split("/").map(encode).join("/")}@${encode(version)}`,

  wanted: [
    { file: /^deno\.lock$/, find: findInLock },
    { file: /^(deno\.jsonc?|package\.json)$/, find: anyVersion(namedPackages) },
    { file: /\.[cm]?[jt]sx?$/, find: anyVersion(namedPackages) },
    IN_CONFIG,
  ],
});

// --- internal ---

function jsrVariables(registry: string): Record<string, string> {
  const open = withSlash(publicUrl(registry.trim()));
  const login = takeCredentials(registry);
  return {
    JSR_URL: open,
    // Source: deno.com, "Modules", private repositories.
    ...(login === undefined
      ? {}
      : { DENO_AUTH_TOKENS: `${login.name}:${login.password}@${new URL(open).host}` }),
  };
}

/** As npm has it, whose own file Deno does not find. */
function loginLine({ name, password, url }: { name: string; password: string; url: string }) {
  const place = url.replace(/^[a-z]+:/, "").replace(/\/*$/, "/");
  const auth = Buffer.from(`${name}:${password}`, "utf8").toString("base64");
  return `${place}:_auth=${auth}\n`;
}

/** `@SCOPE/NAME/meta.json`, `@SCOPE/NAME/VERSION_meta.json`, `@SCOPE/NAME/VERSION/FILE`. */
function readModule(address: Address): Item | undefined {
  const at = placeOf(address);
  if (at === undefined) return undefined;
  const { name, rest } = at;
  if (rest.length === 1 && rest[0] === "meta.json") return indexItem(address.plain);
  const [, version] = /^(\d.*)_meta\.json$/.exec(rest[0] ?? "") ?? [];
  if (version !== undefined && rest.length === 1) return { kind: "jsr", name, version };
  return rest.length > 1 && /^\d/.test(rest[0]!)
    ? { kind: "jsr", name, version: rest[0]! }
    : undefined;
}

/** At JSR itself, or wherever Deno asks for such a path. */
function placeOf({ plain, client, segments }: Address) {
  const isJsr = plain.startsWith(JSR);
  const at = segments.findIndex((one) => one.startsWith("@"));
  const [scope = "", name = "", ...rest] = at < 0 ? [] : segments.slice(at);
  if ((!isJsr && client !== "deno") || name === "") return undefined;
  const isPath = rest[0] === "meta.json" || /^\d[\w.+-]*(?:_meta\.json)?$/.test(rest[0] ?? "");
  return isPath ? { name: `${scope}/${name}`, rest } : undefined;
}

/** `left-pad`, `@hono/node-server`: what npm has no extension for. */
function isDocument({ client, segments, file }: Address): boolean {
  const isNamed = client === "deno" && /^(?:@[^/]+\/)?[\w.~-]+$/.test(lastTwo(segments));
  return isNamed && !/\.(?:tgz|[cm]?[jt]sx?|json|wasm|map)$/.test(file);
}

function lastTwo(segments: readonly string[]): string {
  const scope = segments.at(-2) ?? "";
  return scope.startsWith("@") ? `${scope}/${segments.at(-1)}` : (segments.at(-1) ?? "");
}

/** `"@std/assert@1.0.0": {`, below "jsr". */
function findInLock(...[lines, { name }, version]: Parameters<WantedRule["find"]>): number {
  const start = `"${name}@${version}${version === "" ? "" : '"'}`;
  return lines.findIndex((line) =>
    line
      .trim()
      .replace(/^"jsr:/, '"')
      .startsWith(start),
  );
}

/** `jsr:@std/assert@1`, with a path behind or without. */
function namedPackages(line: string): string[] {
  return [...line.matchAll(/\bjsr:\/?(@[\w-]{1,100}\/[\w-]{1,100})/g)].map(([, name]) => name!);
}
