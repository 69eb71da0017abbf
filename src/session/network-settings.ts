/** Network settings of the session, and how they get into the container. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type BuilderKind, mountsFaithfully } from "../engine/builder-kind.ts";
import { NuaError } from "../lib/errors.ts";
import { withMount } from "../lib/run-mounts.ts";
import { createMask, HIDDEN, secretsOf } from "../lib/secrets.ts";
import {
  NETWORK_SETTINGS_ARG,
  NETWORK_SETTINGS_FILE,
  NETWORK_SETTINGS_PREFIX,
  NETWORK_SETTINGS_SECRET,
  type NetworkSettings,
} from "../protocol/network-settings.ts";
import { REGISTRY_SETTINGS } from "../registries/registries.ts";
import type { Settings } from "./settings.ts";

/** Where Debian and Ubuntu keep the certificates that an administrator added (update-ca-certificates(8)). */
const ADDED_CERTIFICATES = "/usr/local/share/ca-certificates";

/** A variable may hold 128 KiB (execve(2)); base64 makes four bytes out of three. */
const MAX_CERTIFICATES = 80 * 1024;

/**
 * The part of the settings that a build needs in the container.
 * @param env has the proxies of this process, for where none is set
 * @throws NuaError (config) when the file of certificates cannot be read or is too large, or a
 *   proxy is no address
 */
export async function resolveNetworkSettings(
  settings: Settings,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<NetworkSettings> {
  const registries = REGISTRY_SETTINGS.map(({ name }) => [name, settings[name]] as const);
  const inherited = (name: string) => {
    const value = env[name] || env[name.toUpperCase()] || "";
    // This machine's loopback is not the container's.
    return isLoopback(value) ? "" : value;
  };
  const given = Object.entries({
    ...Object.fromEntries(registries),
    httpProxy: checkProxy("NUA_HTTP_PROXY", settings.httpProxy || inherited("http_proxy")),
    httpsProxy: checkProxy("NUA_HTTPS_PROXY", settings.httpsProxy || inherited("https_proxy")),
    noProxy: settings.noProxy || inherited("no_proxy"),
    rewrites: settings.rewrites,
    ca: await readCertificates(settings.ca),
  });
  return Object.fromEntries(given.filter(([, value]) => value !== ""));
}

/** How network settings reach the commands of a build. */
export interface BuilderSecrets {
  /** For the engine's client. */
  env: Record<string, string>;
  /** Build arguments whose values are in `env`. */
  hiddenArgs: string[];
  /** Secrets by id, with the variable in `env` that holds each. */
  secrets: { id: string; variable: string }[];
  /** Puts asterisks in the place of passwords. */
  mask: (text: string) => string;
}

/**
 * As a secret only where it must be one: for a RUN instruction that mounts a secret, BuildKit
 * (seen with 0.13, in Docker 26) reads every file of the root file system, to know whether it has
 * done the same before. Upon a layer that has just been made, that takes a second or more.
 * @param isOurs whether the Dockerfile is nua-build's: of a package's own, commands that are none
 *   of nua-build's would see the build argument
 * @throws NuaError (config) for a password and a builder without secrets
 */
export function secretsForBuilder(
  networkSettings: NetworkSettings,
  builder: BuilderKind,
  isOurs: boolean,
): BuilderSecrets {
  const secrets = secretsOf(Object.values(networkSettings));
  const mask = createMask(secrets);
  if (Object.keys(networkSettings).length === 0) {
    return { env: {}, hiddenArgs: [], secrets: [], mask };
  }
  const json = JSON.stringify(networkSettings);
  if (mountsFaithfully(builder) && (secrets.length > 0 || !isOurs)) {
    const env = { [SECRET_VARIABLE]: json };
    return { env, hiddenArgs: [], secrets: [SECRET], mask };
  }
  if (secrets.length > 0) throw passwordRefused(builder);
  const encoded = Buffer.from(json, "utf8").toString("base64");
  const env = { [NETWORK_SETTINGS_ARG]: `${NETWORK_SETTINGS_PREFIX}${encoded}` };
  return { env, hiddenArgs: [NETWORK_SETTINGS_ARG], secrets: [], mask };
}

/**
 * Has commands of a Dockerfile get the secret, where a builder mounts.
 * @param isUser whether a command reads it: its text, with what it goes on in on further lines
 */
export function withNetworkSettings(
  dockerfile: string,
  isUser: (command: string) => boolean = () => true,
): string {
  const isLacking = (command: string) => isUser(command) && !command.includes(SECRET.id);
  return withMount(dockerfile, SECRET_MOUNT, isLacking);
}

/** The certificates of a text in PEM, each with its first and last line. */
export function pemBlocks(text: string): string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
}

// --- internal ---

/** Of the client's environment only. */
const SECRET_VARIABLE = "NUA_NETWORK_SETTINGS";
const SECRET = { id: NETWORK_SETTINGS_SECRET, variable: SECRET_VARIABLE };
const SECRET_MOUNT = `type=secret,id=${NETWORK_SETTINGS_SECRET},target=${NETWORK_SETTINGS_FILE}`;

function checkProxy(variable: string, value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  // A password with a slash would make a host of its name, and a path of the host.
  const isAddress =
    url !== undefined &&
    url.hostname !== "" &&
    ![url.pathname, url.search, url.hash].join("").includes("@");
  if (value === "" || isAddress) return value;
  // Whatever is wrong with it: what stands before the last "@" is a password.
  const shown = value.replace(/^([a-z]+:\/\/)?.*@/is, `$1${HIDDEN}@`);
  throw new NuaError("config", `Read setting ${variable}: "${shown}" is no address`, {
    hint: "write it like http://proxy.example:3128; in a name or password, / is %2F and @ is %40",
  });
}

function isLoopback(address: string): boolean {
  if (!URL.canParse(address)) return false;
  return /^(localhost|127\..*|\[::1\])$/.test(new URL(address).hostname);
}

function passwordRefused(builder: BuilderKind): NuaError {
  const why = "it has no secrets, and keeps build arguments where others can read them";
  return new NuaError("config", `Hand a password to the builder "${builder}": ${why}`, {
    hint: "install buildx (Debian, Ubuntu: apt-get install docker-buildx), or use an address without a password",
  });
}

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
