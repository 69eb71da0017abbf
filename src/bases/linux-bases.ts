/** Pure: the Linux bases that are known by name, and what each of them is. */

export interface KnownLinux {
  /** As runtimes know it, and as registries have it: DISTRIBUTION:RELEASE. */
  name: string;
  /** By which it is called as well, behind the name of the distribution. */
  codename: string;
}

/** Source: wiki.debian.org/DebianReleases, releases.ubuntu.com. */
const KNOWN: readonly KnownLinux[] = [
  { name: "ubuntu:22.04", codename: "jammy" },
  { name: "ubuntu:24.04", codename: "noble" },
  { name: "debian:12", codename: "bookworm" },
  { name: "debian:13", codename: "trixie" },
];

/**
 * The Linux base that a reference names, wherever its registry is; undefined for what is not known.
 * @param reference such as "ubuntu:22.04", "registry.example/library/debian:bookworm-slim" or
 *   "ubuntu:jammy-20230816"
 */
export function knownLinux(reference: string): KnownLinux | undefined {
  const [, distribution = "", tag = ""] = /(?:^|\/|-)([a-z]+):([^/]+)$/.exec(reference) ?? [];
  // What nua-build has bootstrapped is called nua-linux:DISTRIBUTION-CODENAME.
  const [, own = ""] = /^nua-linux:(.+)$/.exec(reference) ?? [];
  return KNOWN.find(({ name, codename }) => {
    const [ofIt = "", release = ""] = name.split(":");
    if (own !== "") return own === `${ofIt}-${codename}`;
    const rest = tag.replace(/-(slim|\d{8}(\.\d+)?|\d{8}-slim)$/, "");
    return distribution === ofIt && (rest === release || rest === codename || isPoint(rest, name));
  });
}

/** How tags of images tell that they stand upon another Linux base than the configured one. */
export function linuxSuffix(reference: string): string {
  return reference.replace(/^.*\//, "").replace(/[^a-z0-9.]/gi, "");
}

/** Those that may be taken in place of the configured one: each is the name of an image. */
export function listedLinuxes({ linuxBases }: { linuxBases: string }): string[] {
  return linuxBases.split(/[\s,]+/).filter((name) => name !== "");
}

// --- internal ---

/** A point release of Debian: "12.5". */
function isPoint(tag: string, name: string): boolean {
  return (
    name.startsWith("debian:") && /^\d+\.\d+$/.test(tag) && name === `debian:${tag.split(".")[0]}`
  );
}
