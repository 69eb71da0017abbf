/** Programs of the system that scripts need: installed by apt where they are missing. */
import { existsSync } from "node:fs";
import { $ } from "zx";

/** What is needed, by the file that shows that it is there. */
export type SystemPackages = Readonly<Record<string, string>>;

/** What building an image with an engine of one's own takes. */
export const ENGINE_PACKAGES: SystemPackages = {
  "/usr/bin/mmdebstrap": "mmdebstrap",
  "/usr/sbin/iptables": "iptables",
  "/etc/ssl/certs/ca-certificates.crt": "ca-certificates",
};

/** What the tests call themselves. */
export const TEST_PACKAGES: SystemPackages = {
  ...ENGINE_PACKAGES,
  "/usr/bin/git": "git",
  "/usr/bin/openssl": "openssl",
  "/usr/bin/python3": "python3",
  "/usr/bin/curl": "curl",
  "/usr/bin/xz": "xz-utils",
  "/usr/bin/bzip2": "bzip2",
  "/usr/bin/zstd": "zstd",
  "/usr/bin/unzip": "unzip",
  "/usr/sbin/setcap": "libcap2-bin",
  // For engines in network namespaces of their own.
  "/usr/sbin/ip": "iproute2",
  "/usr/sbin/sysctl": "procps",
  "/usr/bin/nsenter": "util-linux",
  "/usr/share/keyrings/debian-archive-keyring.gpg": "debian-archive-keyring",
};

/** @throws Error when apt cannot install one */
export async function installMissing(
  wanted: SystemPackages,
  log: (line: string) => void,
): Promise<void> {
  const names = Object.entries(wanted).flatMap(([file, name]) => (existsSync(file) ? [] : [name]));
  if (names.length === 0) return;
  log(`install ${names.join(" ")} (apt)`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const apt = $({ env, quiet: true });
  await apt`${[...asRoot(), "apt-get", "update", "-qq"]}`;
  await apt`${[...asRoot(), "apt-get", "install", "-y", "-qq", "--no-install-recommends", ...names]}`;
}

/** Words before a command that only root may run. */
export function asRoot(): string[] {
  return process.getuid?.() === 0 ? [] : ["sudo"];
}
