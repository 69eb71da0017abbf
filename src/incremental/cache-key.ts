/** The key of an app's private caches. */
import { randomBytes } from "node:crypto";
import { mkdir, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { LoadedConfig } from "../config/loaded-config.ts";
import { stateFolder } from "../session/state-folder.ts";
import { digestOf } from "./record.ts";

/**
 * The same for each build of the app at that place by the same user. Nobody can tell it from a
 * configuration: another app's Dockerfile may name any cache.
 */
export async function cacheKey({
  place,
  config,
}: Pick<LoadedConfig, "place" | "config">): Promise<string> {
  const parts = [await readSecret(), place, config.metadata.id];
  return digestOf(parts.join("\0")).slice(0, 32);
}

// --- internal ---

/** Made by the first build; one for this call alone where it cannot be kept. */
async function readSecret(): Promise<string> {
  const file = join(stateFolder(), "cache-secret");
  const fresh = randomBytes(32).toString("hex");
  try {
    await mkdir(stateFolder(), { recursive: true, mode: 0o700 });
    await using handle = await open(file, "wx", 0o600);
    await handle.writeFile(fresh);
    return fresh;
  } catch {
    const kept = await readFile(file, "utf8").catch(() => "");
    // Another call may not have written it yet.
    return kept.length === fresh.length ? kept : fresh;
  }
}
