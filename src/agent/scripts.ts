/** Writes the agent's own scripts, which planned commands run. */
import { mkdirSync, writeFileSync } from "node:fs";
import editManifests from "../languages/node/agent/edit_manifests.cjs" with { type: "text" };
import buildWheel from "../languages/python/agent/build_wheel.py" with { type: "text" };
import renewTimes from "../languages/rust/agent/renew_times.py" with { type: "text" };
import { AGENT_SCRIPTS } from "../protocol/layout.ts";

const SCRIPTS = {
  "build_wheel.py": buildWheel,
  "edit_manifests.cjs": editManifests,
  "renew_times.py": renewTimes,
};

/** @throws an error of the file system */
export function writeScripts(): void {
  mkdirSync(AGENT_SCRIPTS, { mode: 0o755 });
  for (const [name, text] of Object.entries(SCRIPTS)) {
    writeFileSync(`${AGENT_SCRIPTS}/${name}`, text, { mode: 0o644 });
  }
}
