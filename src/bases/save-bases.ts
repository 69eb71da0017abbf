/** Saves base images in one archive, with shared layers once. */

import {
  type SavedArchive,
  type WantedImage,
  writeArchive,
} from "../images/archive/write-archive.ts";
import type { ArchiveOptions } from "../images/transfer/archive-options.ts";
import { showProgress } from "../images/transfer/show-progress.ts";
import { STANDARD_OUTPUT } from "../images/transfer/target.ts";
import { writeToStdout } from "../images/transfer/write-to-stdout.ts";
import { NuaError } from "../lib/errors.ts";
import type { Session } from "../session/session.ts";
import { BASE_NAMES, type BaseImage, baseTag, findBase, readBaseTag } from "./base-images.ts";
import { probeBase } from "./ensure-base.ts";
import { listedLinuxes } from "./linux-bases.ts";

/** Those that have names of their own, and all others that the engine has. */
export async function listBases(session: Session): Promise<BaseImage[]> {
  const tags = await (await session.engine()).listTags();
  const linuxes = listedLinuxes(session.settings);
  const held = tags.flatMap((tag) => readBaseTag(tag, linuxes) ?? []);
  const all = [...BASE_NAMES.map((name) => ({ name, linux: null })), ...held];
  const named = new Map(all.map(({ name, linux }) => [baseTag(name, linux), { name, linux }]));
  return [...named.values()].map(({ name, linux }) => findBase(name, linux));
}

/** Those that the engine has, as this nua-build makes them. */
export async function listCurrentBases(session: Session): Promise<BaseImage[]> {
  const all = await listBases(session);
  const states = await Promise.all(all.map((base) => probeBase(base, session)));
  return all.filter((_, index) => states[index] === "current");
}

/**
 * @param bases which the engine has
 * @param target a file, or STANDARD_OUTPUT
 * @throws NuaError (archive) when the disk is full or the engine's stream damaged
 */
export async function saveBases(
  {
    bases,
    target,
    form,
  }: { bases: readonly BaseImage[]; target: string } & Pick<ArchiveOptions, "form">,
  session: Session,
): Promise<SavedArchive> {
  const engine = await session.engine();
  const tags = bases.map(({ name, linux }) => baseTag(name, linux));
  const images = await Promise.all(
    tags.map(async (tag): Promise<WantedImage> => {
      const { diffIds } = await engine.getImage(tag);
      return { tag, diffIds };
    }),
  );
  const [first, ...others] = images;
  if (first === undefined) throw new NuaError("usage", "Save base images: none is named");
  session.report.step(`Save ${tags.join(", ")}`);
  const request = {
    source: engine.save(...tags),
    expect: { ...first, others },
    signal: session.signal,
    onProgress: showProgress(session),
  };
  try {
    if (target === STANDARD_OUTPUT) return await writeToStdout(request, form, session);
    return await writeArchive({ ...request, target, form });
  } finally {
    session.report.progress("");
  }
}
