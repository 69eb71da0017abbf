/** Keeps numbers as they were written: `version = 1.10` would lose its zero. */

/** The text of a number by its path; undefined where it is what any number becomes. */
export type NumberText = (path: readonly (string | number)[], value: number) => string | undefined;

/** Only plain decimals are kept as they are. */
export function plainNumber(raw: string | undefined): string | undefined {
  return raw !== undefined && /^[+-]?\d+(\.\d+)?$/.test(raw) ? raw : undefined;
}

/**
 * Whether a text may hold a number in another way than it is printed: only then it is worth
 * finding out where its numbers stand, which takes longer than everything else. The text is gone
 * through once, however many numbers it has.
 */
export function unusualNumbers(text: string): (value: number) => boolean {
  let unusual: Set<number> | undefined;
  return (value) => {
    if (!Number.isInteger(value) || Object.is(value, -0) || Math.abs(value) >= 1e21) return true;
    unusual ??= new Set(
      (text.match(/[+-]?\d[\d.]*/g) ?? [])
        .filter((written) => String(Number(written)) !== written)
        .map(Number),
    );
    return unusual.has(value);
  };
}
