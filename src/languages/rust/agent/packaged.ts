/** Pure: the distribution's packages of Rust. */

/** A compiler with the Cargo that belongs to it. */
export interface Packaged {
  version: string;
  packages: string[];
}

/** Names that a compiler of a series may have: Debian's, its newer one, and Ubuntu's. */
export function compilerPackages(wanted: string): string[] {
  const series = wanted.split(".").slice(0, 2).join(".");
  return ["rustc-web", "rustc", `rustc-${series}`];
}

/** @param policy what `apt-cache policy` prints of them */
export function parsePolicy(policy: string): Packaged[] {
  return policy.split(/^(?=\S)/m).flatMap((part) => {
    const [, name] = /^(rustc[\w.-]*):\s*$/m.exec(part) ?? [];
    const [, version] = /^\s*Candidate: (?:\d+:)?(\d+\.\d+\.\d+)/m.exec(part) ?? [];
    if (name === undefined || version === undefined) return [];
    return [{ version, packages: [name, name.replace("rustc", "cargo")] }];
  });
}

/** What Ubuntu names with a series has links to it under the usual names. */
export function linksOf({ packages: [name = ""] }: Packaged): string[] {
  const [, series] = /^rustc-(\d+\.\d+)$/.exec(name) ?? [];
  return series === undefined ? [] : ["rustc", "cargo"].map((one) => `${one}-${series}`);
}
