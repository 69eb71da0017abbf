/** Pure: which package a URL gives, from the URL and the client that requested it. */
import { type Address, type HttpRequest, readAddress } from "./address.ts";
import type { Item } from "./item.ts";
import { REGISTRIES } from "./registries.ts";

/** The form of an address says more than who asked for it: first match wins. */
export function identify(request: HttpRequest): Item {
  const address = readAddress(request);
  return (
    firstOf((registry) => registry.identify?.(address)) ??
    firstOf((registry) => registry.guess?.(address)) ?? {
      kind: "file",
      name: address.plain,
      version: "",
    }
  );
}

/** The package that somebody was after who asked for a document of an index. */
export function indexedPackage(request: HttpRequest): Item | undefined {
  const address: Address = readAddress(request);
  return firstOf((registry) => registry.indexedPackage?.(address));
}

// --- internal ---

function firstOf<T>(ask: (registry: (typeof REGISTRIES)[number]) => T | undefined): T | undefined {
  for (const registry of REGISTRIES) {
    const found = ask(registry);
    if (found !== undefined) return found;
  }
  return undefined;
}
