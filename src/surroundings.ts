/** The addresses and certificates that a build works with, on their way into the container. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Settings } from "./settings.ts";
import { SURROUNDINGS_ARG, SURROUNDINGS_PREFIX, type Surroundings } from "./shared/agent-input.ts";
import { NuaError } from "./shared/errors.ts";

/** Where Debian and Ubuntu keep the certificates that an administrator added (update-ca-certificates(8)). */
const ADDED_CERTIFICATES = "/usr/local/share/ca-certificates";

/** A variable may hold 128 KiB (execve(2)); base64 makes four bytes out of three. */
const MAX_CERTIFICATES = 80 * 1024;

/**
 * The part of the settings that the agent needs in the container.
 * @throws NuaError (config) when the file of certificates cannot be read or is too large
 */
export async function resolveSurroundings(settings: Settings): Promise<Surroundings> {
  const { aptMirror, pipIndex, pipTrustedHost, npmRegistry, rubyMirror } = settings;
  const ca = await readCertificates(settings.ca);
  const given = Object.entries({
    aptMirror,
    pipIndex,
    pipTrustedHost,
    npmRegistry,
    rubyMirror,
    ca,
  });
  return Object.fromEntries(given.filter(([, value]) => value !== ""));
}

/** The environment that carries the surroundings into a build; empty when there are none. */
export function surroundingsEnv(surroundings: Surroundings): Record<string, string> {
  if (Object.keys(surroundings).length === 0) return {};
  const json = Buffer.from(JSON.stringify(surroundings), "utf8").toString("base64");
  return { [SURROUNDINGS_ARG]: `${SURROUNDINGS_PREFIX}${json}` };
}

/** The certificates of a text in PEM, each with its first and last line. */
export function pemBlocks(text: string): string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
}

// --- internal ---

async function readCertificates(file: string): Promise<string> {
  const text = file === "" ? await readAddedCertificates() : await readNamedCertificates(file);
  if (text.length <= MAX_CERTIFICATES) return text;
  throw new NuaError("config", `Read certificates: ${text.length} bytes are too many`, {
    ...(file === "" ? {} : { file }),
    hint: "name a file with only the certificates that the build needs, with NUA_CA",
  });
}

async function readNamedCertificates(file: string): Promise<string> {
  const text = await readFile(file, "utf8").catch((cause) => {
    throw new NuaError("config", `Read certificates "${file}": ${String(cause)}`, {
      file,
      hint: "correct NUA_CA",
      cause,
    });
  });
  const certificates = pemCertificates(text);
  if (certificates !== "") return certificates;
  throw new NuaError("config", `Read certificates "${file}": it holds none in PEM`, {
    file,
    hint: "convert it: openssl x509 -inform der -in FILE -out FILE.pem",
  });
}

async function readAddedCertificates(): Promise<string> {
  const names = await readdir(ADDED_CERTIFICATES, { recursive: true }).catch(() => []);
  const texts = names
    .filter((name) => name.endsWith(".crt"))
    .sort()
    .map((name) => readFile(join(ADDED_CERTIFICATES, name), "utf8").catch(() => ""));
  return (await Promise.all(texts)).map(pemCertificates).join("");
}

/** Only the certificates of a PEM file: a key beside them must not travel. */
function pemCertificates(text: string): string {
  return pemBlocks(text)
    .map((block) => `${block}\n`)
    .join("");
}
