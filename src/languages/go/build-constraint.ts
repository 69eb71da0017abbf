/**
 * Pure: whether a file is a part of a build for Linux: by its name, and by its line //go:build.
 * Source: pkg.go.dev/cmd/go, "Build constraints".
 */

/** @param text of the file */
export function isInBuild(name: string, text: string): boolean {
  const words = name.replace(/\.go$/, "").split("_").slice(1);
  const [last = "", before = ""] = words.toReversed();
  if (last === "test") return false;
  const isOther = (word: string) => SYSTEMS.has(word) || PROCESSORS.has(word);
  if (isOther(last) || (/^(?:amd64|arm64)$/.test(last) && SYSTEMS.has(before))) return false;
  const [, line] = /^\/\/go:build[ \t]+([^\n]+)$/m.exec(text.slice(0, packageClause(text))) ?? [];
  return line === undefined || isTrue(line);
}

// --- internal ---

/** Other than Linux. */
const SYSTEMS = new Set([
  ...["aix", "android", "darwin", "dragonfly", "freebsd", "illumos", "ios", "js", "netbsd"],
  ...["openbsd", "plan9", "solaris", "wasip1", "windows", "zos"],
]);

/** Other than those that there is a toolchain for here. */
const PROCESSORS = new Set([
  ...["386", "arm", "loong64", "mips", "mips64", "mips64le", "mipsle", "ppc64", "ppc64le"],
  ...["riscv64", "s390x", "wasm"],
]);

const TRUE = new Set(["linux", "unix", "gc", "cgo", "amd64", "arm64"]);

function packageClause(text: string): number {
  const at = text.search(/^package\s/m);
  return at < 0 ? text.length : at;
}

/** `(linux || darwin) && !ignore`; a line may be no longer than what people write. */
function isTrue(line: string): boolean {
  const tokens = line.slice(0, MOST_CHARACTERS).match(/&&|\|\||[!()]|[\w.]+/g) ?? [];
  let at = 0;
  const either = (): boolean => {
    let value = both();
    while (tokens[at] === "||") {
      at += 1;
      value = both() || value;
    }
    return value;
  };
  const both = (): boolean => {
    let value = single();
    while (tokens[at] === "&&") {
      at += 1;
      value = single() && value;
    }
    return value;
  };
  const single = (): boolean => {
    const token = tokens[at++] ?? "linux";
    if (token === "!") return !single();
    if (token !== "(") return TRUE.has(token) || /^go1\.\d+$/.test(token);
    const value = either();
    at += 1;
    return value;
  };
  return either();
}

const MOST_CHARACTERS = 2000;
