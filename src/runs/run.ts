/**
 * Identifies runs of nua-build, and tells whether one is still alive.
 *
 * The kernel's own marks tell: a process is the one that it was when its number and its time of start are the
 * same, since the same start of the same machine.
 */
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { sha256Hex } from "../lib/digest.ts";

/** `unknown`: a run of another machine, or of another container, which this process cannot see. */
export type RunState = "alive" | "dead" | "unknown";

/** The marks of this process, as they stand in names: letters, digits and `-` alone. */
export function currentRun(): string {
  current ??= formatRun({ ...readMachine(), pid: process.pid, start: startOf(process.pid) ?? 0 });
  return current;
}

/**
 * @param run marks as {@link currentRun} gives them
 * @returns `unknown` for whatever is none
 */
export function stateOfRun(run: string): RunState {
  const marks = parseRun(run);
  if (marks === undefined) return "unknown";
  const machine = readMachine();
  if (machine.boot === NOBODY) return "unknown";
  if (marks.boot !== machine.boot) {
    // The machine has been started anew since: nothing of before goes on.
    return marks.host === machine.host && machine.host !== NOBODY ? "dead" : "unknown";
  }
  if (marks.space !== machine.space) return "unknown";
  if (isHidden(marks.pid)) return "unknown";
  return startOf(marks.pid) === marks.start ? "alive" : "dead";
}

/** What {@link currentRun} looks like, as the source of a pattern. */
export const RUN_PATTERN = "[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-z]+-[0-9a-z]+-[0-9a-z]+";

// --- internal ---

interface Machine {
  /**
   * The installation of a system. Source: machine-id(5), which is not to be told as it is; and the
   * name, since copies of a machine may have the same.
   */
  host: string;
  /** One start of it. Source: random(4), boot_id. */
  boot: string;
  /** Among which processes a number is one's own. Source: pid_namespaces(7). */
  space: number;
}

interface Marks extends Machine {
  pid: number;
  /** Ticks from the machine's start to that of the process. Source: proc_pid_stat(5). */
  start: number;
}

/** Of a machine that does not say which one it is. */
const NOBODY = "00000000";

let current: string | undefined;
let machine: Machine | undefined;

function readMachine(): Machine {
  machine ??= {
    host: shortDigest(withName(readText("/etc/machine-id").trim())),
    boot: shortDigest(readText("/proc/sys/kernel/random/boot_id")),
    space: Number(/\d+/.exec(readLink("/proc/self/ns/pid"))?.[0] ?? 0),
  };
  return machine;
}

/** Whether there is such a process, of which nothing is told: another user's (proc(5), hidepid). */
function isHidden(pid: number): boolean {
  if (readText(`/proc/${pid}/stat`) !== "") return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** @returns undefined when there is no such process, or only what is left of one */
function startOf(pid: number): number | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  // The name in parentheses may hold anything; the fields after it count from the third.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const state = fields[0] ?? "";
  const start = Number(fields[19]);
  return stat === "" || state === "Z" || state === "X" || Number.isNaN(start) ? undefined : start;
}

function formatRun({ host, boot, space, pid, start }: Marks): string {
  return [host, boot, ...[space, pid, start].map((number) => number.toString(36))].join("-");
}

function parseRun(run: string): Marks | undefined {
  if (!new RegExp(`^${RUN_PATTERN}$`).test(run)) return undefined;
  const [host = "", boot = "", ...rest] = run.split("-");
  const [space = 0, pid = 0, start = 0] = rest.map((text) => Number.parseInt(text, 36));
  return { host, boot, space, pid, start };
}

function shortDigest(text: string): string {
  const trimmed = text.trim();
  return trimmed === "" ? NOBODY : sha256Hex(`nua-build ${trimmed}`).slice(0, 8);
}

/** Nothing for a machine without a number: one name is that of many. */
function withName(id: string): string {
  return id === "" ? "" : `${id} ${hostname()}`;
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function readLink(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return "";
  }
}
