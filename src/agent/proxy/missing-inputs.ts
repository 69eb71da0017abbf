/** Continues a build although inputs are missing, so that one run names them all. */
import { NuaError } from "../../lib/errors.ts";
import type { RunCommand } from "../../protocol/command.ts";
import type { Route } from "./lead.ts";

export interface MissingInputs {
  /** Whether something has failed for want of an input. */
  haveFailed(): boolean;
  /**
   * Does a part of the work, and leaves it when it fails while something is missing.
   * @throws whatever the part throws, when nothing is missing
   */
  tolerate(part: () => Promise<void>): Promise<void>;
  /** Runs these commands as long as something is missing, and each round finds more of it. */
  askForRest(
    commands: readonly RunCommand[],
    attempt: (command: RunCommand) => Promise<void>,
  ): Promise<void>;
  /** What to end with. */
  error(): Promise<NuaError>;
}

export function createMissingInputs(
  route: Pick<Route, "missing">,
  writeLine: (line: string) => void,
): MissingInputs {
  let haveFailed = false;
  return {
    haveFailed: () => haveFailed,
    async tolerate(part) {
      try {
        await part();
      } catch (error) {
        if ((await route.missing()).length === 0) throw error;
        const message = error instanceof Error ? error.message : String(error);
        writeLine(`left behind, since inputs are missing: ${message}`);
        haveFailed = true;
      }
    },
    async askForRest(commands, attempt) {
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
      return new NuaError("input", `Build from a bundle: not among its inputs: ${text}`, {
        hint: "make the bundle again where there is a network",
      });
    },
  };
}

// --- internal ---

/** Of asking. */
const ROUNDS = 8;

/** The others have their lines in the output. */
const NAMED = 20;
