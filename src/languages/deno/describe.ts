/** Pure: what deno.json says of an app, for one without a nua-config. */
import type { SourceTree } from "../../source/source-tree.ts";
import type { AppDescription } from "../language.ts";
import { readConfig } from "./config.ts";

/** @throws NuaError (input) for a file that cannot be read */
export function describeDeno(tree: SourceTree): AppDescription | null {
  const config = readConfig(tree);
  if (config === null) return null;
  const { name, version, license } = config;
  const all = {
    // A scope is its owner's, not a part of what the app is called.
    name: name?.replace(/^@[^/]*\//, ""),
    version: version === "0.0.0" ? undefined : version,
    license,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value));
}
