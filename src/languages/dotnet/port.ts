/**
 * Pure: where an app of .NET's listens, as far as its files say. launchSettings.json is for those who
 * develop it. Source: learn.microsoft.com, "Configure endpoints for the ASP.NET Core Kestrel web server".
 */
import { parse } from "jsonc-parser";
import type { SourceTree } from "../../source/source-tree.ts";
import { isPort } from "../listening-port.ts";
import { join } from "./msbuild.ts";
import type { Project } from "./project.ts";
import { sourcesOf } from "./sources.ts";

export interface Listening {
  /** Null where nothing says. */
  port: number | null;
  /** Whether it counts whatever ASPNETCORE_URLS says. */
  isFixed: boolean;
  /** Where it says so, where it is to be reached from its own container alone. */
  onlyLocal: string | null;
}

/** What its sources say counts most, then the endpoints of its settings, then their addresses. */
export function listeningOf(tree: SourceTree, project: Project): Listening {
  const named = bySources(tree, project) ?? bySettings(tree, project);
  return named ?? { port: null, isFixed: false, onlyLocal: null };
}

/** The port beside the variable PORT where its sources read that; null where they do not. */
export function portBesidePort(tree: SourceTree, { folder }: Project): number | null {
  for (const { text } of sourcesOf(tree, folder)) {
    const read = READS_PORT.exec(text);
    if (read === null) continue;
    const near = text.slice(read.index, read.index + 240);
    const found = [...near.matchAll(/(?<![\w.])(\d{2,5})(?![\w.])/g)].map(([, digits]) =>
      Number(digits),
    );
    return found.find(isPort) ?? 8080;
  }
  return null;
}

// --- internal ---

const READS_PORT =
  /GetEnvironmentVariable\s*\(?\s*"PORT"|(?:Configuration|configuration|config)\s*\[\s*"PORT"/;

/**
 * `UseUrls("http://*:5000")`, `app.Urls.Add("…")`, `app.Run("…")`; `ListenAnyIP(5000)`,
 * `Listen(IPAddress.Any, 5000)`, `ListenLocalhost(5000)`.
 */
const ADDRESS = /\b(?:UseUrls|Urls\.Add|\.Run|RunAsync)\s*\(\s*"(https?:\/\/[^"\s]{1,200})"/g;
const LISTEN = /\bListen(AnyIP|Localhost)?\s*\(\s*(?:IPAddress\.(\w+)\s*,\s*)?(\d{2,5})\b/g;

function bySources(tree: SourceTree, { folder }: Project): Listening | null {
  for (const { path, text } of sourcesOf(tree, folder)) {
    const urls = [...text.matchAll(ADDRESS)].map(({ 1: url }) => url!);
    const url = urls.flatMap((one) => fromUrl(one, path) ?? [])[0];
    if (url !== undefined) return { ...url, isFixed: true };
    const [listen] = text.matchAll(LISTEN);
    if (listen === undefined) continue;
    const [, kind, address, digits] = listen;
    if (!isPort(Number(digits))) continue;
    const isLocal = kind === "Localhost" || /^(?:IPv6)?Loopback$/.test(address ?? "");
    return { port: Number(digits), isFixed: true, onlyLocal: isLocal ? path : null };
  }
  return null;
}

function bySettings(tree: SourceTree, { folder }: Project): Listening | null {
  for (const name of ["appsettings.Production.json", "appsettings.json"]) {
    const path = join(folder, name);
    const text = (tree.text(path) ?? "").slice(0, MOST_CHARACTERS);
    if (text === "") continue;
    const settings: unknown = parse(text, [], { allowTrailingComma: true });
    const endpoints = valueIn(settings, "Kestrel", "Endpoints");
    const urls = Object.values(isTable(endpoints) ? endpoints : {})
      .slice(0, 50)
      .map((one) => valueIn(one, "Url"));
    const plain = urls.flatMap((one) => fromUrl(String(one ?? ""), path) ?? [])[0];
    if (plain !== undefined) return { ...plain, isFixed: true };
    const own = String(valueIn(settings, "Urls") ?? "").split(";");
    const first = own.flatMap((one) => fromUrl(one, path) ?? [])[0];
    if (first !== undefined) return { ...first, isFixed: false, onlyLocal: null };
  }
  return null;
}

const MOST_CHARACTERS = 256 * 1024;

/** Of an address without TLS, for which nobody has a certificate here. */
function fromUrl(url: string, path: string): Pick<Listening, "port" | "onlyLocal"> | null {
  const [, host = "", digits] =
    /^http:\/\/(\[[^\]\s]*\]|[^:/\s]*):(\d{2,5})\/?$/.exec(url.trim()) ?? [];
  if (digits === undefined || !isPort(Number(digits))) return null;
  const isLocal = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/i.test(host);
  return { port: Number(digits), onlyLocal: isLocal ? path : null };
}

/** Names of settings are the same in capitals and in small letters. */
function valueIn(value: unknown, ...names: string[]): unknown {
  return names.reduce<unknown>((at, name) => {
    if (!isTable(at)) return undefined;
    const key = Object.keys(at).find((one) => one.toLowerCase() === name.toLowerCase());
    return key === undefined ? undefined : at[key];
  }, value);
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
