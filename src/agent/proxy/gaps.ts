/**
 * How a sealed build goes on where its inputs have gaps, so that one run names them all: what
 * fails then is left behind.
 */
import { NuaError } from "../../lib/errors.ts";
import type { RunCommand } from "../command.ts";
import type { Route } from "./route.ts";

export interface Gaps {
  /** Whether something has failed for want of an input. */
  isOpen(): boolean;
  /**
   * Does a part of the work, and leaves it when it fails while something is missing.
   * @throws whatever the part throws, when nothing is missing
   */
  bridge(part: () => Promise<void>): Promise<void>;
  /** While something is missing, and each round of these commands finds more of it. */
  survey(
    commands: readonly RunCommand[],
    attempt: (command: RunCommand) => Promise<void>,
  ): Promise<void>;
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
    async survey(commands, attempt) {
      let known = 0;
      for (let round = 0; round < ROUNDS && commands.length > 0; round += 1) {
        const { length } = await route.missing();
        if (length === known) return;
        known = length;
        for (const command of commands) await attempt(command);
      }
    },
    async error() {
      const missing = await route.missing();
      const names = missing
        .slice(0, NAMED)
        .map(({ url, client, wantedBy }) => `${url} (${client}, wanted by ${wantedBy})`);
      const others = missing.length > NAMED ? [`${missing.length - NAMED} others`] : [];
      const text = [...names, ...others].join(", ");
      return new NuaError("input", `Build sealed: not among the inputs: ${text}`, {
        hint: "capture the app again where there is a network",
      });
    },
  };
}

// --- internal ---

/** Of a survey. */
const ROUNDS = 8;

/** The others have their lines in the output. */
const NAMED = 20;
