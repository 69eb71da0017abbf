/** A package, image, file or repository that a build reads, by the name that people use. */

/** What is of no registry; an `index` tells which packages there are. */
export const OTHER_KINDS = ["app", "image", "file", "index"] as const;

export interface Item {
  /** What its registry calls it, such as `deb`; or one of {@link OTHER_KINDS}. */
  kind: string;
  /** Of the package, of the repository (its address), or the address itself. */
  name: string;
  /** Empty where there is none. */
  version: string;
  /** The machines that it is for, where its name says so. */
  arch?: string;
}

/** A thing, with where it came from. */
export interface LocatedItem extends Item {
  /** Where it was asked for: the first address, where that leads to another. */
  url: string;
  sha256: string;
}

/** A place in the app's own files. */
export interface WantedPlace {
  file: string;
  /** From 1. */
  line: number;
}

/**
 * Such as `npm left-pad 1.3.0, wanted by yarn.lock:812`.
 * @param wantedBy where in the app's files, or what else led to it
 */
export function formatItem(
  { kind, name, version, arch }: Item,
  wantedBy?: WantedPlace | string,
): string {
  const subject = [kind, name, version].filter((part) => part !== "").join(" ");
  const machine = arch === undefined ? "" : ` (${arch})`;
  const where = typeof wantedBy === "object" ? `${wantedBy.file}:${wantedBy.line}` : wantedBy;
  const text = `${subject}${machine}${where ? `, wanted by ${where}` : ""}`;
  // From a file that anybody may have written, and on its way to a terminal.
  return text.replace(/\p{Cc}/gu, "?");
}

/** What tells one thing from another. */
export function itemKey({ kind, name, version, arch = "" }: Item): string {
  return JSON.stringify([kind, name, version, arch]);
}

/** What tells which packages there are, at an address. */
export function indexItem(address: string): Item {
  return { kind: "index", name: address, version: "" };
}
