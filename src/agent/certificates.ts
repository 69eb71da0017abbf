/** Certificates that only the build trusts: a file beside the image's own, gone at the end. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The certificates of Debian's package ca-certificates. */
const SYSTEM_BUNDLE = "/etc/ssl/certs/ca-certificates.crt";

/** What openssl, pip, requests, curl, git, yarn and bundler read the path of a bundle from. */
const VARIABLES = [
  "SSL_CERT_FILE",
  "PIP_CERT",
  "REQUESTS_CA_BUNDLE",
  "CURL_CA_BUNDLE",
  "GIT_SSL_CAINFO",
  "YARN_HTTPS_CA_FILE_PATH",
  "BUNDLE_SSL_CA_CERT",
] as const;

/**
 * What Node trusts beside its own. A whole bundle would be read again by each program, and by npm,
 * as its cafile, for each connection.
 */
const NODE_VARIABLE = "NODE_EXTRA_CA_CERTS";

/**
 * Writes a bundle of the image's certificates and these into a folder.
 * @param ca certificates in PEM; undefined when there are none
 * @returns the variables that lead programs to it, and its path; neither when there are none
 */
export function writeCertificates(
  ca: string | undefined,
  folder: string,
): { env: Record<string, string>; path: string | null } {
  if (ca === undefined) return { env: {}, path: null };
  const path = join(folder, "certificates.pem");
  const added = join(folder, "added-certificates.pem");
  writeFileSync(path, `${readSystemBundle()}\n${ca}`);
  writeFileSync(added, ca);
  const env = Object.fromEntries(VARIABLES.map((name) => [name, path]));
  return { env: { ...env, [NODE_VARIABLE]: added }, path };
}

/** Those that the image's programs trust. */
export function readSystemBundle(): string {
  try {
    return readFileSync(SYSTEM_BUNDLE, "utf8");
  } catch {
    // An image without the package trusts nobody yet.
    return "";
  }
}
