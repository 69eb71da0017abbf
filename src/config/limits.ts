/** Limits of untrusted configurations: size, depth, count of keys, aliases. */
import { numberSetting, type Settings } from "../session/settings.ts";

export interface ConfigLimits {
  /** Of its file. */
  bytes: number;
  /** Keys and items of lists, those that aliases of YAML repeat counted each time. */
  values: number;
  /** Tables and lists within one another. */
  depth: number;
}

export const DEFAULT_LIMITS: ConfigLimits = { bytes: 256_000, values: 5000, depth: 20 };

/** Characters of a key: as the orchestrator's parser of YAML reads them at most, and less. */
export const MAX_KEY = 256;

/** Characters that the braces of one configuration may become. */
export const MAX_FORMATTED = 1_000_000;

/** @throws NuaError (config) for a setting that is no number of its kind */
export function configLimits(
  settings: Pick<Settings, "configLimit" | "configValues" | "configDepth">,
): ConfigLimits {
  return {
    bytes: numberSetting(settings, "configLimit", 100_000) * 1000,
    values: numberSetting(settings, "configValues", 10_000_000),
    // Deeper ones are more than the stack of what goes through them.
    depth: numberSetting(settings, "configDepth", 200),
  };
}

/** What is beyond the limits, or can be passed to no program. */
export class LimitError extends Error {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/**
 * Plain objects and lists, dates as text: what a format's parser made is its own affair.
 * @throws LimitError as soon as there is more of anything than the limits allow: a value that
 *   stands for itself many times over is never written out
 */
export function boundedCopy(value: unknown, limits: ConfigLimits): unknown {
  let count = 0;
  const visit = (inner: unknown, depth: number): unknown => {
    count += 1;
    if (count > limits.values) {
      throw new LimitError(
        `it has more than ${limits.values} keys and values`,
        "shorten it, or allow more with NUA_CONFIG_VALUES",
      );
    }
    if (typeof inner === "string" && inner.includes("\0")) {
      throw new LimitError(
        "a text in it holds the character NUL",
        "no program takes that: remove it",
      );
    }
    if (inner instanceof Date) return Number.isNaN(inner.getTime()) ? "" : inner.toISOString();
    if (typeof inner === "bigint") return Number(inner);
    if (inner === null || typeof inner !== "object") return inner;
    if (depth >= limits.depth) {
      throw new LimitError(
        `its tables and lists are more than ${limits.depth} deep`,
        "write it flatter, or allow more with NUA_CONFIG_DEPTH",
      );
    }
    if (Array.isArray(inner)) return inner.map((item) => visit(item, depth + 1));
    const copy: Record<string, unknown> = Object.create(null);
    for (const [key, item] of Object.entries(inner)) {
      if (key.length > MAX_KEY) {
        const start = key.slice(0, 20);
        throw new LimitError(
          `key "${start}…" has more than ${MAX_KEY} characters`,
          "shorten the key",
        );
      }
      copy[key] = visit(item, depth + 1);
    }
    return copy;
  };
  return visit(value, 0);
}
