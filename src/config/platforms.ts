/** Pure: values of a configuration that may differ by platform: of a table, the one of this machine. */
import { closest } from "../lib/closest.ts";
import type { Path } from "./source-map.ts";

/** What images are built for: the platform of this machine, by the names that releases have for it. */
export const PLATFORM_NAMES: Readonly<Record<"os" | "arch" | "machine", string>> =
  process.arch === "arm64"
    ? { os: "linux", arch: "arm64", machine: "aarch64" }
    : { os: "linux", arch: "amd64", machine: "x86_64" };

/** As rules of a configuration have it. */
interface PlatformProblem {
  path: Path;
  message: string;
  hint?: string;
  part?: "key";
}

/**
 * @param value a text for all platforms, or a table of texts by platform
 * @param report told each problem
 * @returns undefined where there is none for this platform
 */
export function ofThisPlatform(
  value: string | Readonly<Record<string, string>> | null | undefined,
  path: Path,
  report: (problem: PlatformProblem) => void,
): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === "string") return value;
  const found = new Map<string, string>();
  for (const [key, text] of Object.entries(value)) {
    const name = nameOf(key);
    if (found.has(name)) {
      report({ path: [...path, key], message: `${name} is there twice`, part: "key" });
    } else if (!KNOWN.includes(name)) {
      const guess = closest(name, KNOWN);
      const hint = `${guess === undefined ? "use" : `did you mean "${guess}"? Known are`} ${KNOWN.join(", ")}`;
      report({ path: [...path, key], message: `"${key}" is not a platform`, hint, part: "key" });
    }
    found.set(name, text);
  }
  const wanted = `linux/${PLATFORM_NAMES.arch}`;
  const own = found.get(wanted);
  if (own === undefined) {
    const message = `there is none for ${wanted}, which images are built for here`;
    report({ path, message, hint: `add a key "${wanted}"` });
  }
  return own;
}

// --- internal ---

/** As Docker calls them. */
const KNOWN: readonly string[] = [
  ...["linux/amd64", "linux/arm64", "linux/386", "linux/arm/v7", "linux/arm/v6"],
  ...["linux/ppc64le", "linux/riscv64", "linux/s390x"],
];

/** What uname(1) and others call them; keys have no underscores here. */
const OTHERS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...{ "x86-64": "amd64", x64: "amd64", aarch64: "arm64", i386: "386", armv7: "arm/v7" },
  }),
);

function nameOf(key: string): string {
  const short = key.replace(/^linux[/-]/, "");
  return `linux/${OTHERS.get(short) ?? short}`;
}
