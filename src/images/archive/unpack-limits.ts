/** Limits of unpacking: bytes and files are counted while they are written. */

import { type ErrorCode, NuaError } from "../../lib/errors.ts";
import { formatBytes } from "../../lib/format.ts";
import { numberSetting, type Settings } from "../../session/settings.ts";

export interface UnpackLimits {
  /** Of all files together, and of the stream that they come in. */
  bytes: number;
  /** Files, folders and links together. */
  files: number;
}

/**
 * What the settings allow.
 * @throws NuaError (config) when one of them is no number
 */
export function unpackLimits(
  settings: Pick<Settings, "unpackedLimit" | "filesLimit">,
): UnpackLimits {
  return {
    bytes: numberSetting(settings, "unpackedLimit") * 1e6,
    files: numberSetting(settings, "filesLimit"),
  };
}

/** An input is larger than it may be. */
export class UnpackLimitError extends NuaError {
  override readonly name = "UnpackLimitError";
}

/** Counts what has been unpacked of one input. */
export class UnpackCount {
  readonly #limits: UnpackLimits;
  readonly #fault: { code: ErrorCode; attempt: string };
  #files = 0;
  #bytes = 0;

  /** @param fault how it is told: `code` decides about the exit status */
  constructor(limits: UnpackLimits, fault: { code: ErrorCode; attempt: string }) {
    this.#limits = limits;
    this.#fault = fault;
  }

  /** @throws UnpackLimitError when there are too many */
  addFiles(count = 1): void {
    this.#files += count;
    if (this.#files <= this.#limits.files) return;
    const problem = `it has more than ${this.#limits.files} files`;
    throw this.#error(problem, "allow more with NUA_FILES_LIMIT");
  }

  /** @throws UnpackLimitError when there are too many */
  addBytes(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes <= this.#limits.bytes) return;
    const problem = `unpacked it is larger than ${formatBytes(this.#limits.bytes)}`;
    throw this.#error(problem, "allow more with NUA_UNPACKED_LIMIT, in MB");
  }

  #error(problem: string, hint: string): UnpackLimitError {
    const { code, attempt } = this.#fault;
    return new UnpackLimitError(code, `${attempt}: ${problem}`, { hint });
  }
}
