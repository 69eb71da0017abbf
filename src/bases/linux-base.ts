/** The Linux base: found in the engine, pulled, loaded or bootstrapped, in that order. */
import { stat } from "node:fs/promises";
import { NuaError } from "../lib/errors.ts";
import type { Session } from "../session/session.ts";
import { SETTINGS } from "../session/settings.ts";
import { readHostLinux } from "./host-release.ts";
import { type KnownLinux, knownLinux } from "./linux-bases.ts";

const DEFAULT_BASE = SETTINGS.find(({ name }) => name === "linuxBase")!.fallback;

/** Value of the setting that asks for the host's own distribution. */
const HOST = "host";

/**
 * Of several that need the same one, the first has it fetched and the others wait for it.
 * @param other one that is taken in place of the configured one; null: that one
 * @returns a reference of an image that the engine holds
 * @throws NuaError (input) when the base that was asked for cannot be had
 */
export function ensureLinuxBase(session: Session, other: string | null = null): Promise<string> {
  const key = other ?? `configured: ${session.settings.linuxBase}`;
  const known = underway.get(session.signal) ?? new Map<string, Promise<string>>();
  underway.set(session.signal, known);
  const work = known.get(key) ?? haveLinuxBase(session, other);
  known.set(key, work);
  return work;
}

/**
 * The tag under which the Linux base may stand in the engine; undefined when only fetching it
 * would tell. A base image is current as long as it was built on this one.
 */
export async function linuxBaseTag(
  { settings }: Pick<Session, "settings">,
  other: string | null = null,
): Promise<string | undefined> {
  const wanted = other ?? settings.linuxBase;
  const isImage = other !== null || (wanted !== HOST && !(await isFile(wanted)));
  return isImage ? wanted : undefined;
}

/**
 * Pulls the Linux base although the engine has it; a base that is built or loaded is left alone.
 * @throws NuaError (input) when it cannot be pulled
 */
export async function pullAgain(session: Session, other: string | null = null): Promise<void> {
  const wanted = await linuxBaseTag(session, other);
  if (wanted === undefined) return;
  const refusal = await pullLinuxBase(session, wanted);
  if (refusal === undefined) return;
  throw new NuaError("input", `Pull Linux base "${wanted}": ${refusal}`, {
    hint: "leave out --pull to take the one that the engine has",
  });
}

/** What the configured one is, where its name alone tells it. */
export async function configuredLinux({
  settings,
}: Pick<Session, "settings">): Promise<KnownLinux | undefined> {
  const wanted = settings.linuxBase;
  return knownLinux(wanted === HOST ? await readHostLinux().catch(() => "") : wanted);
}

// --- internal ---

/** By what all sessions of a call have in common. */
const underway = new WeakMap<AbortSignal, Map<string, Promise<string>>>();

async function haveLinuxBase(session: Session, other: string | null): Promise<string> {
  if (other !== null) return ensureImage(session, other);
  const wanted = session.settings.linuxBase;
  if (wanted === HOST) return (await loadBootstrap()).bootstrapHostBase(session);
  if (await isFile(wanted)) return loadLinuxBase(session, wanted);
  if (wanted !== DEFAULT_BASE) return ensureImage(session, wanted);
  const found = await findOrPull(session, wanted);
  if (found.refusal === undefined) return wanted;
  session.report.step(`Linux base "${wanted}" cannot be pulled: ${found.refusal}`);
  return (await loadBootstrap()).bootstrapHostBase(session);
}

async function isFile(path: string): Promise<boolean> {
  return (
    path.includes("/") &&
    (await stat(path).then(
      (info) => info.isFile(),
      () => false,
    ))
  );
}

async function ensureImage(session: Session, wanted: string): Promise<string> {
  const { refusal } = await findOrPull(session, wanted);
  if (refusal === undefined) return wanted;
  const known = knownLinux(wanted);
  if (known !== undefined) {
    const made = await (await loadBootstrap()).bootstrapBase(known, session);
    if (made !== undefined) return made;
  }
  throw new NuaError("input", `Pull Linux base "${wanted}": ${refusal}`, {
    hint: 'load it into the engine, name a registry with NUA_REGISTRY_MIRROR, or set NUA_LINUX_BASE to an archive file, or to "host" for the host\'s own distribution',
  });
}

async function findOrPull(session: Session, wanted: string): Promise<{ refusal?: string }> {
  const engine = await session.engine();
  if (await engine.findImage(wanted)) {
    session.report.detail(`Linux base "${wanted}" is in the engine`);
    return {};
  }
  const refusal = await pullLinuxBase(session, wanted);
  return refusal === undefined ? {} : { refusal };
}

/** @returns why it cannot be pulled; undefined when it was */
async function pullLinuxBase(session: Session, wanted: string): Promise<string | undefined> {
  const engine = await session.engine();
  const mirror = session.settings.registryMirror.replace(/\/+$/, "");
  if (mirror !== "") {
    const path = wanted.includes("/") ? wanted : `library/${wanted}`;
    const reference = `${mirror.replace(/^https?:\/\//, "")}/${path}`;
    session.report.step(`Pull ${reference}`);
    const refusal = await engine.tryPull(reference, { onLine: session.report.output });
    if (refusal === undefined) {
      await engine.tag(reference, wanted);
      return undefined;
    }
    session.report.warn(`Mirror "${mirror}" does not serve "${wanted}": ${refusal}`);
  }
  session.report.step(`Pull ${wanted}`);
  return engine.tryPull(wanted, { onLine: session.report.output });
}

async function loadLinuxBase(session: Session, file: string): Promise<string> {
  const engine = await session.engine();
  session.report.step(`Load Linux base from ${file}`);
  const said = await engine.load(file);
  const reference = /Loaded image(?: ID)?: (\S+)/.exec(said)?.[1];
  if (reference) return reference;
  throw new NuaError("input", `Load Linux base "${file}": the engine found no image in it`, {
    file,
    hint: "give an archive made by docker save",
  });
}

/** What starts programs is loaded where one is started: check and plan are instant. */
function loadBootstrap() {
  return import("./bootstrap.ts");
}
