/** Pure: words of CMake's commands: what their variables stand for, and those that only other systems get. */

/** Characters of a value. */
export const MOST_VALUE = 4096;

/** The words after one of that name. */
export function after(args: readonly string[], word: string): string[] {
  const at = args.indexOf(word);
  return at < 0 ? [] : args.slice(at + 1, at + 2);
}

/** `${NAME}` by what is known of it; what is not stays as it is. */
export function expanded(word: string, variables: ReadonlyMap<string, string>): string[] {
  if (!word.includes("${")) return [word];
  let text = word;
  for (let round = 0; round < 4 && text.includes("${"); round += 1) {
    text = text.replace(/\$\{(\w{1,128})\}/g, (whole, name) => {
      const known = /^(?:CMAKE|PROJECT)_(?:CURRENT_)?(?:SOURCE|LIST)_DIR$/.test(name)
        ? "."
        : variables.get(name);
      return known ?? whole;
    });
    if (text.length > MOST_VALUE) return [word];
  }
  return text.split(";").filter((one) => one !== "");
}

/** Whether only other systems get there. */
export function isOfOthers(args: readonly string[]): boolean {
  const [first = "", second] = args;
  if (args.includes("NOT") || !OTHERS.test(first)) return false;
  return second !== "OR" || args.every((word) => word === "OR" || OTHERS.test(word));
}

// --- internal ---

const OTHERS = /^(?:WIN32|APPLE|MSVC|MINGW|MSYS|CYGWIN|ANDROID|IOS|EMSCRIPTEN|XCODE|HAIKU)$/;
