/** Writes the agent's own scripts, which planned commands run. */
import { mkdirSync, writeFileSync } from "node:fs";
import { AGENT_SCRIPTS } from "../protocol/layout.ts";
import { languageScripts } from "./scripts-macro.ts" with { type: "macro" };

/** @throws an error of the file system */
export function writeScripts(): void {
  mkdirSync(AGENT_SCRIPTS, { mode: 0o755 });
  for (const [name, text] of Object.entries(SCRIPTS)) {
    writeFileSync(`${AGENT_SCRIPTS}/${name}`, text, { mode: 0o644 });
  }
}

// --- internal ---

const SCRIPTS = languageScripts();
