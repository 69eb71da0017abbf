/** Installs extra CA certificates for the time of the build. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The certificates of Debian's package ca-certificates. */
const SYSTEM_BUNDLE = "/etc/ssl/certs/ca-certificates.crt";

/** What openssl and curl read the path of a bundle from; others are known by their registries. */
const VARIABLES = ["SSL_CERT_FILE", "CURL_CA_BUNDLE"] as const;

/** Files in PEM. */
export interface Certificates {
  /** The image's and the build's. */
  all: string;
  /** The build's alone. */
  added: string;
}

/**
 * Writes a bundle of the image's certificates and these into a folder.
 * @param ca certificates in PEM; undefined when there are none
 * @returns the variables that lead programs to it, and the files; neither when there are none
 */
export function writeCertificates(
  ca: string | undefined,
  folder: string,
): { env: Record<string, string>; files: Certificates | null } {
  if (ca === undefined) return { env: {}, files: null };
  const all = join(folder, "certificates.pem");
  const added = join(folder, "added-certificates.pem");
  writeFileSync(all, `${readSystemBundle()}\n${ca}`);
  writeFileSync(added, ca);
  return {
    env: Object.fromEntries(VARIABLES.map((name) => [name, all])),
    files: { all, added },
  };
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
