/** The result of a check: ok, warn or fail, with a hint. */

export interface Finding {
  /** Short, such as "engine". */
  name: string;
  status: FindingStatus;
  /** What is so, with what. */
  detail: string;
  /** What mends it: a command, or what to write where. */
  hint?: string;
}

/** Whether builds work, work in part, or fail. */
export type FindingStatus = "ok" | "warn" | "fail";

export function ok(name: string, detail: string): Finding {
  return { name, status: "ok", detail };
}

export function warn(name: string, detail: string, hint: string): Finding {
  return { name, status: "warn", detail, hint };
}

export function fail(name: string, detail: string, hint: string): Finding {
  return { name, status: "fail", detail, hint };
}
