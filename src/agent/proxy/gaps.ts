/**
 * How a sealed build goes on where its inputs have gaps, so that one run names them all: what
 * fails then is left behind.
 */
import { NuaError } from "../../shared/errors.ts";
import type { Route } from "./route.ts";

export interface Gaps {
  /** Whether something has failed for want of an input. */
  isOpen(): boolean;
  /**
   * Does a part of the work, and leaves it when it fails while something is missing.
   * @throws whatever the part throws, when nothing is missing
   */
  bridge(part: () => Promise<void>): Promise<void>;
  /** What to end with. */
  error(): Promise<NuaError>;
}

export function createGaps(route: Pick<Route, "missing">, writeLine: (line: string) => void): Gaps {
  let isOpen = false;
  return {
    isOpen: () => isOpen,
    async bridge(part) {
      try {
        await part();
      } catch (error) {
        if ((await route.missing()).length === 0) throw error;
        const message = error instanceof Error ? error.message : String(error);
        writeLine(`left behind, since inputs are missing: ${message}`);
        isOpen = true;
      }
    },
    async error() {
      const names = (await route.missing()).map(
        ({ url, client, wantedBy }) => `${url} (${client}, wanted by ${wantedBy})`,
      );
      return new NuaError("input", `Build sealed: not among the inputs: ${names.join(", ")}`, {
        hint: "capture the app again where there is a network",
      });
    },
  };
}
