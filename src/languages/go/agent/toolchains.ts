/** Pure: which toolchains of Go a module proxy has. */

/**
 * A proxy lists what somebody has asked it for before, and hands out the others as well: of each
 * series all patches up to the newest that it lists, since Go leaves none out.
 */
export function parseList(text: string): string[] | undefined {
  const newest = new Map<string, number>();
  for (const [, series = "", patch = "0"] of text.matchAll(LINE)) {
    newest.set(series, Math.max(newest.get(series) ?? 0, Number(patch)));
  }
  if (newest.size === 0) return undefined;
  return [...newest].flatMap(([series, last]) =>
    Array.from({ length: last + 1 }, (_, patch) => `${series}.${patch}`),
  );
}

// --- internal ---

const LINE = /^v0\.0\.1-go(1\.\d{1,3})(?:\.(\d{1,3}))?\.linux-amd64$/gm;
