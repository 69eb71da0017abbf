/** Prints the results of a build, as text or as JSON. */

import type { Outcome } from "../build-many.ts";
import { archiveFiles } from "../images/archive/write-archive.ts";
import { STANDARD_OUTPUT } from "../images/transfer/target.ts";
import { explainCache } from "../incremental/explain.ts";
import type { BuildResult } from "../keep-image.ts";
import { formatBytes, formatSeconds } from "../lib/format.ts";
import type { CommandData } from "./command.ts";
import { errorReport } from "./print-error.ts";
import { SeveralError } from "./several-error.ts";

export interface Printing {
  data: CommandData;
  json: boolean;
  /** Whether the seconds of each step are told. */
  time: boolean;
  /** Whether it is told why layers were made anew. */
  explain: boolean;
}

export function printResult(result: BuildResult, options: Printing): void {
  tell(result, options);
  const { data, json } = options;
  if (json && !isStreamed(result)) data.print(JSON.stringify(resultReport(result)));
  else printNames(result, data);
}

/** @throws SeveralError when not all were built; what was is printed before */
export function printOutcomes(outcomes: readonly Outcome[], options: Printing): void {
  const { data, json } = options;
  for (const { result } of outcomes) if (result) tell(result, options);
  for (const line of table(outcomes)) data.session.report.step(line);
  const reports = outcomes.map(({ path, result, error }) => ({
    path,
    ...(result ? resultReport(result) : errorReport(error)),
  }));
  const failures = outcomes.flatMap(({ path, result, error }) => (result ? [] : [{ path, error }]));
  if (!json) for (const { result } of outcomes) if (result) printNames(result, data);
  if (failures.length > 0) {
    const message = `Build ${outcomes.length} apps: ${failures.length} failed`;
    throw new SeveralError(message, failures, reports);
  }
  if (json) data.print(JSON.stringify({ ok: true, builds: reports }));
}

// --- internal ---

function tell(result: BuildResult, { data, time, explain }: Printing): void {
  const { report } = data.session;
  for (const one of [...result.subApps, result]) {
    if (explain) for (const line of explainCache(one)) report.step(`${one.image.tag}: ${line}`);
    report.step(summary(one));
    if (time || data.verbosity >= 1) report.step(timing(one));
  }
}

function printNames(result: BuildResult, data: CommandData): void {
  // Standard output holds the archive.
  if (isStreamed(result)) return;
  for (const { image, archive } of [...result.subApps, result]) {
    if (data.verbosity >= 0 || archive === null) data.print(image.tag);
    if (archive !== null) for (const file of archiveFiles(archive)) data.print(file);
  }
}

function isStreamed({ archive }: BuildResult): boolean {
  return archive?.file === STANDARD_OUTPUT;
}

function table(outcomes: readonly Outcome[]): string[] {
  const width = Math.max(...outcomes.map(({ path }) => path.length));
  return outcomes.map(({ path, result, seconds }) => {
    const state = result ? "built " : "failed";
    const sizes = result ? `  ${formatBytes(result.image.bytes)}  ${result.image.tag}` : "";
    return `${path.padEnd(width)}  ${state}  ${formatSeconds(seconds).padStart(8)}${sizes}`;
  });
}

function summary({ image, archive }: BuildResult): string {
  const saved = archive === null ? "" : `, archive ${formatBytes(archive.bytes)}`;
  return `Built ${image.tag}: image ${formatBytes(image.bytes)}${saved}`;
}

function timing({ seconds }: BuildResult): string {
  const total = Object.values(seconds).reduce((sum, value) => sum + value, 0);
  const steps = Object.entries(seconds).map(([name, value]) => `${name} ${formatSeconds(value)}`);
  return `Build time (clock): ${formatSeconds(total)} (${steps.join(", ")})`;
}

function resultReport(result: BuildResult): Record<string, unknown> {
  const { plan, image, archive, subApps, seconds, warnings } = result;
  return {
    ok: true,
    ...(subApps.length === 0 ? {} : { subApps: subApps.map(resultReport) }),
    tag: image.tag,
    id: image.id,
    bytes: image.bytes,
    labels: plan.labels,
    archive: archive === null ? null : { ...archive },
    warnings,
    seconds,
  };
}
