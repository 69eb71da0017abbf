/** Which Linux bases can be had here, and what the configured one is; remembered for a day. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { CommandError, NuaError } from "../lib/errors.ts";
import type { Session } from "../session/session.ts";
import { cacheFolder, writeStateFile } from "../session/state-folder.ts";
import { baseTag } from "./base-images.ts";
import type { LinuxOptions } from "./choose-linux.ts";
import { configuredLinux, ensureLinuxBase } from "./linux-base.ts";
import { knownLinux, listedLinuxes } from "./linux-bases.ts";

export interface LinuxFacts extends Pick<LinuxOptions, "configuredIs" | "refused"> {
  /**
   * Sees whether one can be had, and has it then.
   * @returns undefined where it can; else the same facts, and that it cannot
   */
  refuse?(name: string): Promise<LinuxFacts | undefined>;
}

/** @param fixed the one that the app's configuration names; empty: none */
export function linuxOptions(
  { linuxBase, linuxBases }: Pick<Session["settings"], "linuxBase" | "linuxBases">,
  fixed: string,
): LinuxOptions {
  return {
    configured: linuxBase,
    others: listedLinuxes({ linuxBases }).filter((name) => name !== linuxBase),
    refused: {},
    ...(fixed === "" ? {} : { fixed: { name: fixed, from: { what: "build.linux-base" } } }),
  };
}

/**
 * @param options.look whether engine and registry are asked; without it, what is remembered counts
 * @param options.refresh whether what is remembered does not
 */
export async function findLinuxes(
  session: Session,
  { look, refresh = false }: { look: boolean; refresh?: boolean },
): Promise<LinuxFacts> {
  const { linuxBase } = session.settings;
  const memory = await readMemory();
  const refused = refresh ? {} : stillRefused(memory);
  if (!look) {
    const configuredIs = memory.configured[linuxBase] ?? (await configuredLinux(session))?.name;
    return { configuredIs, refused };
  }
  const configuredIs = await lookAtConfigured(session);
  await rememberConfigured(configuredIs, memory, session);
  // What somebody has brought meanwhile is there.
  const held = await Promise.all(Object.keys(refused).map((name) => isHeld(name, session)));
  const others = Object.entries(refused).filter((_, index) => held[index] !== true);
  return factsOf({ configuredIs, refused: Object.fromEntries(others) }, session);
}

// --- internal ---

function factsOf(
  facts: Pick<LinuxFacts, "configuredIs" | "refused">,
  session: Session,
): LinuxFacts {
  return {
    ...facts,
    refuse: async (name) => {
      const reason = await tryToHave(name, session);
      if (reason === undefined) return undefined;
      return factsOf({ ...facts, refused: { ...facts.refused, [name]: reason } }, session);
    },
  };
}

/** Another one stands in where it cannot be pulled: so it is fetched, as the build will do. */
async function lookAtConfigured(session: Session): Promise<string | undefined> {
  // What asks engines and makes images is loaded where something is: check and plan are instant.
  const { findConfiguredLinux } = await import("./ensure-base.ts");
  const found = await findConfiguredLinux(session);
  if (found !== undefined) return found.name;
  if (!mayFetch(session)) return (await configuredLinux(session))?.name;
  return knownLinux(await ensureLinuxBase(session))?.name;
}

/** Only where it is not what its name says. */
async function rememberConfigured(
  is: string | undefined,
  { configured, refused }: Memory,
  session: Session,
): Promise<void> {
  const { linuxBase } = session.settings;
  const isPlain = is === undefined || is === (await configuredLinux(session))?.name;
  if ((isPlain ? undefined : is) === configured[linuxBase]) return;
  const { [linuxBase]: _, ...others } = configured;
  await writeMemory({
    configured: isPlain ? others : { ...others, [linuxBase]: is },
    refused,
  });
}

function mayFetch(session: Session): boolean {
  try {
    session.input.ensureOnline({ kind: "image", attempt: "Fetch a Linux base", hint: "" });
    return true;
  } catch {
    return false;
  }
}

async function isHeld(name: string, session: Session): Promise<boolean> {
  const engine = await session.engine();
  const tags = [baseTag("nua-python", name), name];
  const found = await Promise.all(tags.map((tag) => engine.findImage(tag)));
  return found.some((image) => image !== undefined);
}

/** @returns why it cannot be had; undefined when it is there now */
async function tryToHave(name: string, session: Session): Promise<string | undefined> {
  if (await isHeld(name, session)) return undefined;
  if (!mayFetch(session)) return "nothing may be fetched";
  try {
    await ensureLinuxBase(session, name);
    return undefined;
  } catch (error) {
    session.signal.throwIfAborted();
    if (!(error instanceof NuaError || error instanceof CommandError)) throw error;
    const reason = error.message.split("\n")[0] ?? "";
    const memory = await readMemory();
    memory.refused[name] = { reason, at: Date.now() };
    await writeMemory(memory);
    return reason;
  }
}

const memorySchema = v.object({
  /** What the configured one turned out to be. */
  configured: v.record(v.string(), v.string()),
  /** Which could not be had, and when. */
  refused: v.record(v.string(), v.object({ reason: v.string(), at: v.number() })),
});

type Memory = v.InferOutput<typeof memorySchema>;

const DAY = 24 * 60 * 60 * 1000;

function stillRefused({ refused }: Memory): Record<string, string> {
  const fresh = Object.entries(refused).filter(([, { at }]) => Math.abs(Date.now() - at) < DAY);
  return Object.fromEntries(fresh.map(([name, { reason }]) => [name, reason]));
}

function memoryFile(): string {
  return join(cacheFolder(), "linux-bases.json");
}

async function readMemory(): Promise<Memory> {
  try {
    return v.parse(memorySchema, JSON.parse(await readFile(memoryFile(), "utf8")));
  } catch {
    return { configured: {}, refused: {} };
  }
}

/** What is not remembered is looked at again: that is no error. */
async function writeMemory(memory: Memory): Promise<void> {
  await writeStateFile(memoryFile(), JSON.stringify(memory)).catch(() => {});
}
