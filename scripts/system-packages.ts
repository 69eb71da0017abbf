/** Installs system packages that the demo and the tests need. */
import { existsSync } from "node:fs";
import { $ } from "zx";

/** By the file that shows that it is there. */
const PACKAGES: Readonly<Record<string, string>> = {
  "/usr/bin/bash": "bash",
  "/usr/bin/bzip2": "bzip2",
  "/usr/bin/curl": "curl",
  "/usr/bin/git": "git",
  "/usr/bin/mmdebstrap": "mmdebstrap",
  "/usr/bin/openssl": "openssl",
  "/usr/bin/python3": "python3",
  "/usr/bin/xz": "xz-utils",
  "/usr/bin/zstd": "zstd",
  "/etc/ssl/certs/ca-certificates.crt": "ca-certificates",
  // For engines with networks of their own.
  "/usr/sbin/ip": "iproute2",
  "/usr/sbin/iptables": "iptables",
  "/usr/sbin/sysctl": "procps",
  "/usr/bin/nsenter": "util-linux",
  // Whose signatures the packages of the engine have, also where the system is another one.
  "/usr/share/keyrings/debian-archive-keyring.gpg": "debian-archive-keyring",
};

/**
 * Needs root where something is missing.
 * @throws Error (of zx) when apt cannot install it
 */
export async function ensureSystemPackages(log: (line: string) => void): Promise<void> {
  const missing = Object.entries(PACKAGES).flatMap(([file, name]) =>
    existsSync(file) ? [] : [name],
  );
  if (missing.length === 0) return;
  log(`install ${missing.join(" ")} (apt)`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const apt = $({ env, quiet: true });
  await apt`apt-get update -qq`;
  await apt`apt-get install -y -qq --no-install-recommends ${missing}`;
}
