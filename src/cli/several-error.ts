/** The error of a build of several apps, some of which failed. */
import { type ErrorCode, NuaError } from "../lib/errors.ts";

/** Several apps of which some failed; its code is that of the worst failure. */
export class SeveralError extends NuaError {
  override readonly name = "SeveralError";
  readonly failures: readonly { path: string; error: unknown }[];
  /** For scripts: of each app what was built, or its failure. */
  readonly reports: readonly Record<string, unknown>[];

  constructor(
    message: string,
    failures: SeveralError["failures"],
    reports: SeveralError["reports"],
  ) {
    const codes = failures.map(({ error }) => (error instanceof NuaError ? error.code : "bug"));
    super(BY_SEVERITY.find((code) => codes.includes(code)) ?? "bug", message);
    this.failures = failures;
    this.reports = reports;
  }
}

// --- internal ---

/** The worst comes first. */
const BY_SEVERITY: readonly ErrorCode[] = [
  ...(["bug", "engine", "archive", "check", "build", "input", "config", "usage"] as const),
  "transient",
];
