/** The modules that a provider may name, and what a provider becomes with them. */
import { maxSatisfying, valid, validRange } from "@renovatebot/pep440";
import { closest } from "../lib/closest.ts";
import mariadb from "./modules/mariadb.json";
import mongo from "./modules/mongo.json";
import postgres from "./modules/postgres.json";
import redisCache from "./modules/redis-cache.json";
import sqlite from "./modules/sqlite.json";
import type { RuleProblem } from "./normalize.ts";
import type { AppConfig } from "./schema.ts";

export type Provider = NonNullable<AppConfig["provider"]>[number];

/** What a provider takes from its module where it is silent. */
export type Module = Omit<Provider, "name">;

export const MODULES: Readonly<Record<string, Module>> = {
  postgres,
  mariadb,
  mongo,
  "redis-cache": redisCache,
  sqlite,
};

/** The architecture that apps are built for. */
const ARCHITECTURE = "amd64";

/** A module or a version of one that there is not. */
class ModuleError extends Error {
  readonly key: "module-name" | "module-version" | "module-versions";
  readonly hint: string;

  constructor(key: ModuleError["key"], message: string, hint: string) {
    super(message);
    this.key = key;
    this.hint = hint;
  }
}

/** Providers whose module, or its version, there is not. */
export function findModuleProblems(config: AppConfig): RuleProblem[] {
  return (config.provider ?? []).flatMap((provider, index) => {
    try {
      completeProvider(provider);
      return [];
    } catch (error) {
      if (!(error instanceof ModuleError)) throw error;
      const at = ["provider", index, error.key];
      return [{ path: at, message: error.message, hint: error.hint }];
    }
  });
}

/** The configuration with each provider completed by its module: what an image stores. */
export function completeProviders(config: AppConfig): AppConfig {
  if (!config.provider) return config;
  return { ...config, provider: config.provider.map(completeProvider) };
}

/**
 * The provider's own values win; tables are merged key by key, one level deep; lists and single
 * values replace the module's.
 */
export function completeProvider(provider: Provider): Provider {
  const name = provider["module-name"];
  if (!name) return provider;
  const module = Object.hasOwn(MODULES, name) ? MODULES[name]! : unknownModule(name);
  const image = selectImage(name, provider, module);
  const own = Object.entries(provider).filter(([, value]) => value !== null);
  const merged: Record<string, unknown> = { ...structuredClone(module) };
  if (image !== null) merged.build = { "base-image": image };
  for (const [key, value] of own) merged[key] = mergeValue(merged[key], value);
  return merged as Provider;
}

// --- internal ---

function unknownModule(name: string): never {
  const guess = closest(name, Object.keys(MODULES));
  const known = `use one of ${Object.keys(MODULES).join(", ")}`;
  const hint = guess === undefined ? known : `did you mean "${guess}"?`;
  throw new ModuleError("module-name", `"${name}" is not a module`, hint);
}

function mergeValue(below: unknown, above: unknown): unknown {
  if (!isTable(below) || !isTable(above)) return above;
  const given = Object.entries(above).filter(([, value]) => value !== null);
  return { ...below, ...Object.fromEntries(given) };
}

function isTable(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** The image of the newest version that will do; null for modules that are no image. */
function selectImage(name: string, provider: Provider, module: Module): string | null {
  const images = imagesByVersion(provider["module-versions"] ?? module["module-versions"] ?? []);
  if (images.size === 0) return null;
  const versions = [...images.keys()];
  const faulty = versions.find((version) => !valid(version));
  if (faulty !== undefined) {
    const message = `"${faulty}" is not a version`;
    throw new ModuleError("module-versions", message, 'write versions like "14.6", in quotes');
  }
  const wanted = (provider["module-version"] ?? "").trim();
  const known = `there are ${versions.join(", ")}`;
  const range = specifier(wanted);
  if (range !== "" && !validRange(range)) {
    const message = `"${wanted}" says nothing about versions`;
    throw new ModuleError("module-version", message, 'write it like ">=14,<15"');
  }
  const version = maxSatisfying(versions, range === "" ? ">=0" : range);
  if (version !== null) return images.get(version) ?? null;
  throw new ModuleError("module-version", `no version of ${name} is ${wanted}`, known);
}

/** A bare `14` or `14.*` means all versions that begin so. */
function specifier(wanted: string): string {
  const bare = /^v?(\d+(?:\.\d+)*)(\.\*)?$/.exec(wanted);
  return bare ? `==${bare[1]}.*` : wanted;
}

function imagesByVersion(entries: readonly Record<string, unknown>[]): Map<string, string> {
  const suitable = entries.filter(({ arch }) => arch === undefined || arch === ARCHITECTURE);
  return new Map(suitable.map(({ version, link }) => [String(version), String(link)]));
}
