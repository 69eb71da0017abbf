/** The environment of all programs that the agent starts, and the files that it leads to. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import type { Surroundings } from "../shared/agent-input.ts";
import { mirrorSources } from "./apt.ts";
import { writeCertificates } from "./certificates.ts";
import { registryEnvironment } from "./surroundings.ts";
import { diskTree } from "./tree.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What the build's programs get beside the variables of their user.
 * @param scratch a folder for what they read and forget
 */
export function childEnvironment(
  env: Environment,
  surroundings: Surroundings,
  scratch: string,
): Record<string, string | undefined> {
  const certificates = writeCertificates(surroundings.ca, scratch);
  const temporary = `${scratch}/tmp`;
  mkdirSync(temporary);
  // Both users write here; what they forget is not part of the image.
  for (const folder of [scratch, temporary]) chmodSync(folder, 0o1777);
  return {
    ...env,
    ...registryEnvironment(surroundings),
    ...certificates.env,
    ...aptEnvironment(surroundings.aptMirror, certificates.path, scratch),
    TMPDIR: temporary,
    PYTHONDONTWRITEBYTECODE: "1",
  };
}

// --- internal ---

/** apt takes the mirror and the certificates from files that only exist during the build. */
function aptEnvironment(
  aptMirror: string | undefined,
  certificates: string | null,
  scratch: string,
): Record<string, string> {
  const lines = certificates === null ? [] : [`Acquire::https::CAInfo "${certificates}";`];
  if (aptMirror !== undefined) {
    const sources = `${scratch}/sources.list`;
    writeFileSync(sources, mirrorSources(aptMirror, diskTree));
    lines.push(`Dir::Etc::sourcelist "${sources}";`, 'Dir::Etc::sourceparts "/dev/null";');
  }
  if (lines.length === 0) return {};
  const config = `${scratch}/apt.conf`;
  writeFileSync(config, `${lines.join("\n")}\n`);
  return { APT_CONFIG: config };
}
