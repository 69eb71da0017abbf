/** Checks the engine, its client and its builder. */
import { statfs } from "node:fs/promises";
import { baseTag, findBase } from "../bases/base-images.ts";
import { probeBase } from "../bases/ensure-base.ts";
import { mountsFaithfully } from "../engine/builder-kind.ts";
import type { Engine } from "../engine/engine.ts";
import type { EngineState } from "../engine/state.ts";
import { NuaError } from "../lib/errors.ts";
import type { Session } from "../session/session.ts";
import { checkFree } from "./check-places.ts";
import { type Finding, fail, ok, warn } from "./finding.ts";

/** Of an engine that does not answer nothing else is told. */
export async function checkEngine(session: Session): Promise<Finding[]> {
  let engine: Engine;
  try {
    engine = await session.engine({ toBuild: true });
  } catch (error) {
    if (!(error instanceof NuaError)) throw error;
    return [fail("engine", error.message, error.hint ?? "start an engine")];
  }
  const { client, clientVersion, serverVersion, architecture, product } = engine.facts;
  const found = [
    ok("client", `${client} ${clientVersion}`),
    ok("engine", `${product} ${serverVersion}, ${architecture}`),
    ...(await Promise.all([checkBuilder(engine), checkBases(session)])),
  ];
  const state = await engine.state().catch((error: unknown) => String(error));
  if (typeof state === "string") {
    return [...found, warn("storage", `not told: ${state}`, `see what "${client} info" says`)];
  }
  return [...found, checkDriver(state), await checkRoot(state), checkClock(state)].filter(isTold);
}

// --- internal ---

/** Milliseconds that two clocks may differ: certificates and package lists are dated. */
const CLOCK_TOLERANCE = 60_000;

/** Bytes that base images and an app take. */
const ENGINE_SPACE = 4e9;

async function checkBuilder(engine: Engine): Promise<Finding> {
  const { builder, buildx } = await engine.builder();
  const named = buildx === null ? builder : `buildx, builder "${buildx.builder}"`;
  if (mountsFaithfully(builder)) return ok("builder", named);
  const lacks = "without layers by what changes, and the agent stays in the image";
  const hint =
    builder === "legacy"
      ? "install buildx (Debian, Ubuntu: apt-get install docker-buildx)"
      : "build with Docker; podman runs the image all the same";
  return warn("builder", `${named}: builds, but ${lacks}`, hint);
}

async function checkBases(session: Session): Promise<Finding> {
  const names = ["nua-python", "nua-builder"];
  const states = await Promise.all(names.map((name) => probeBase(findBase(name), session)));
  const told = names.map((name, index) => `${baseTag(name)} ${states[index]}`).join(", ");
  if (states.every((state) => state === "current")) return ok("bases", told);
  const hint = "nua-build bases build; without network: nua-build bases load FILE";
  return warn("bases", `${told}: the next build makes them`, hint);
}

function checkDriver({ driver }: EngineState): Finding | undefined {
  if (driver === undefined) return undefined;
  if (driver !== "vfs") return ok("storage", driver);
  return warn("storage", "vfs copies every layer whole", "set the storage driver to overlay2");
}

/** Only where the engine's folder is on this machine. */
async function checkRoot({ root }: EngineState): Promise<Finding | undefined> {
  if (root === undefined) return undefined;
  const isHere = await statfs(root).then(
    () => true,
    () => false,
  );
  if (!isHere) return undefined;
  return checkFree("engine space", root, ENGINE_SPACE, "docker system prune frees what is unused");
}

function checkClock({ time }: EngineState): Finding | undefined {
  if (time === undefined) return undefined;
  const difference = Math.abs(time.getTime() - Date.now());
  if (difference <= CLOCK_TOLERANCE) return ok("engine clock", time.toISOString());
  const seconds = Math.round(difference / 1000);
  const hint = "set the clocks (timedatectl set-ntp true): certificates and apt's lists are dated";
  return warn("engine clock", `${seconds} s from this machine's`, hint);
}

function isTold(finding: Finding | undefined): finding is Finding {
  return finding !== undefined;
}
