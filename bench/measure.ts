/** Both sides of a comparison, in turn, and what came out. */
import { cpus } from "node:os";
import { $ } from "zx";

export interface Row {
  name: string;
  /** Seconds: medians. */
  ours: number;
  theirs: number;
  /** Ours divided by theirs. */
  ratio: number;
  /** What the ratio, or the difference in seconds, should be at most. */
  limit: string;
  isWithin: boolean;
  /** What the medians are of, in order: a machine with other work shows here. */
  rounds?: { ours: number[]; theirs: number[] };
}

export interface Limit {
  ratio?: number;
  /** Seconds that ours may take longer. */
  seconds?: number;
}

/**
 * Seconds that some work takes. What the one before has left for the disk to write is not counted
 * against it: one side waits until its archive is on the disk, and the other one does not.
 * @param programs of both sides: some systems drop what nobody has read for a minute from memory,
 *   and reading a program again from the disk takes longer than a build without changes
 */
export async function time(
  { programs }: { programs: readonly string[] },
  work: () => Promise<unknown>,
): Promise<number> {
  await $({ quiet: true })`sync`;
  await waitForProcessors();
  await $({ quiet: true })`cat ${programs} >/dev/null`;
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1000;
}

/**
 * Runs both sides once per round, one after the other, so that a slow minute is everybody's.
 * @param round prepares and times one side
 */
export async function compare(
  name: string,
  rounds: number,
  limit: Limit,
  round: (side: "ours" | "theirs", n: number) => Promise<number>,
): Promise<Row> {
  const seconds = { ours: [] as number[], theirs: [] as number[] };
  for (let n = 0; n < rounds; n += 1) {
    // Who is first takes turns as well.
    const sides = n % 2 === 0 ? (["theirs", "ours"] as const) : (["ours", "theirs"] as const);
    for (const side of sides) seconds[side].push(await round(side, n));
  }
  return { ...row(name, median(seconds.ours), median(seconds.theirs), limit), rounds: seconds };
}

/** @param ours and theirs in the same unit */
export function row(name: string, ours: number, theirs: number, limit: Limit): Row {
  const ratio = ours / theirs;
  const isWithin =
    limit.ratio !== undefined
      ? ratio <= limit.ratio
      : ours - theirs <= (limit.seconds ?? Number.POSITIVE_INFINITY);
  const text = limit.ratio !== undefined ? `<= ${limit.ratio} x` : `<= +${limit.seconds} s`;
  return { name, ours, theirs, ratio, limit: text, isWithin };
}

export function formatRows(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(({ name }) => name.length));
  const head = `${"".padEnd(width)}      ours    theirs   ratio  limit`;
  const lines = rows.map(({ name, ours, theirs, ratio, limit, isWithin }) =>
    [
      name.padEnd(width),
      ours.toFixed(3).padStart(9),
      theirs.toFixed(3).padStart(9),
      ratio.toFixed(2).padStart(7),
      ` ${limit}${isWithin ? "" : "  EXCEEDED"}`,
    ].join(" "),
  );
  return [head, ...lines].join("\n");
}

// --- internal ---

/** Share of the processors that is enough to begin with, and for how long it is waited for. */
const IDLE_SHARE = 0.8;
const IDLE_TRIES = 25;

/** Engines tidy up after a build, and others may be at work: neither is part of what comes next. */
async function waitForProcessors(): Promise<void> {
  for (let tries = 0; tries < IDLE_TRIES; tries += 1) {
    const before = processorTimes();
    await Bun.sleep(200);
    const after = processorTimes();
    if (after.idle - before.idle >= IDLE_SHARE * (after.all - before.all)) return;
  }
}

function processorTimes(): { idle: number; all: number } {
  const times = cpus().map((cpu) => cpu.times);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const idle = sum(times.map((one) => one.idle));
  return { idle, all: sum(times.flatMap((one) => Object.values(one))) };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
