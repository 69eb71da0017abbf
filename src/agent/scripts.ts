/** Writes the agent's own scripts, which planned commands run. */
import { mkdirSync, writeFileSync } from "node:fs";
import { LANGUAGES } from "../languages/languages.ts";
import { AGENT_SCRIPTS } from "../protocol/layout.ts";

/** @throws an error of the file system */
export function writeScripts(): void {
  mkdirSync(AGENT_SCRIPTS, { mode: 0o755 });
  const all = LANGUAGES.flatMap(({ scripts = {} }) => Object.entries(scripts));
  for (const [name, text] of all) {
    writeFileSync(`${AGENT_SCRIPTS}/${name}`, text, { mode: 0o644 });
  }
}
