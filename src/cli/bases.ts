/** `bases list`, `bases build`. */

import {
  type BaseImage,
  baseTag,
  findBase,
  parseBaseName,
  planBases,
  readBaseTag,
} from "../bases/base-images.ts";
import { probeBase } from "../bases/ensure-base.ts";
import { listedLinuxes } from "../bases/linux-bases.ts";
import { loadCommandFor } from "../bases/protected-names.ts";
import { listBases, listCurrentBases, saveBases } from "../bases/save-bases.ts";
import { archiveFiles } from "../images/archive/write-archive.ts";
import {
  archiveName,
  ensureOutputFolder,
  resolveTarget,
  STANDARD_OUTPUT,
} from "../images/transfer/target.ts";
import { NuaError } from "../lib/errors.ts";
import { formatBytes } from "../lib/format.ts";
import { VERSION } from "../protocol/version.ts";
import type { Session } from "../session/session.ts";
import { ensureBases } from "../steps/ensure-bases.ts";
import { ARCHIVE_ARGS, type ArchiveFlags, archiveOptions } from "./archive-args.ts";
import {
  BASE_ARGS,
  COMMON_ARGS,
  type CommandData,
  defineCommand,
  NETWORK_ARGS,
  OFFLINE_ARGS,
  REPRODUCIBLE_ARGS,
} from "./command.ts";
import { loadArchives } from "./load.ts";

export const basesCommand = defineCommand({
  meta: {
    name: "nua-build bases",
    description: "The base images: list them, build them, carry them to another machine",
  },
  words: "list | build [NAME…] | save [NAME…] | load FILE…",
  args: {
    force: { type: "boolean", alias: "f", description: "Build also what is there" },
    ...ARCHIVE_ARGS,
    ...REPRODUCIBLE_ARGS,
    ...OFFLINE_ARGS,
    ...BASE_ARGS,
    ...NETWORK_ARGS,
    ...COMMON_ARGS,
  },
  async run(args, data) {
    const [verb = "list", ...words] = data.words;
    const flags = { ...args, json: args.json === true, reproducible: args.reproducible === true };
    if (verb === "list") return printBases(data, flags.json);
    if (verb === "build") return buildBases(words, { ...flags, force: args.force === true }, data);
    if (verb === "save") return saveArchive(words, flags, data);
    if (verb === "load") return loadBases(words, flags.json, data);
    throw new NuaError("usage", `Run "nua-build bases ${verb}": there is no such command`, {
      hint: "use list, build, save or load",
    });
  },
});

// --- internal ---

async function printBases({ session, print }: CommandData, json: boolean): Promise<void> {
  const engine = await session.engine();
  const rows = await Promise.all(
    (await listBases(session)).map(async (base) => {
      const tag = baseTag(base.name, base.linux);
      const [state, image] = await Promise.all([probeBase(base, session), engine.findImage(tag)]);
      return { tag, state, bytes: image?.bytes ?? null };
    }),
  );
  if (json) return print(JSON.stringify({ ok: true, bases: rows }));
  const width = Math.max(...rows.map(({ tag }) => tag.length));
  for (const { tag, state, bytes } of rows) {
    print(
      `${tag.padEnd(width)}  ${state.padEnd(8)}  ${bytes === null ? "" : formatBytes(bytes)}`.trimEnd(),
    );
  }
}

async function buildBases(
  names: readonly string[],
  options: { force: boolean; reproducible: boolean; json: boolean },
  { session, print }: CommandData,
): Promise<void> {
  const planned = planNamed(names.length > 0 ? names : ["nua-python", "nua-builder"], session);
  await ensureBases(planned, session, options);
  const tags = planned.map(({ name, linux }) => baseTag(name, linux));
  if (options.json) return print(JSON.stringify({ ok: true, bases: tags }));
  for (const tag of tags) print(tag);
}

/** Those that are named, built if need be; without a name, those that are there. */
async function saveArchive(
  names: readonly string[],
  flags: ArchiveFlags & { reproducible: boolean; json: boolean },
  { session, print }: CommandData,
): Promise<void> {
  const { form, thin, safeName } = archiveOptions(flags);
  if (thin) {
    throw new NuaError("usage", "Save base images: --thin is for images of apps", {
      hint: "leave it out; what several bases share is in the archive once",
    });
  }
  const { output } = session.settings;
  await ensureOutputFolder(output);
  const target = await resolveTarget(output, archiveName(BASES_NAME, { form, thin, safeName }));
  const bases = names.length > 0 ? planNamed(names, session) : await listCurrentBases(session);
  if (bases.length === 0) {
    throw new NuaError("input", "Save base images: the engine has none of this nua-build", {
      hint: "name those that are wanted: nua-build bases save nua-builder",
    });
  }
  if (names.length > 0) await ensureBases(bases, session, flags);
  const saved = await saveBases({ bases, target, form }, session);
  if (target === STANDARD_OUTPUT) return;
  const tags = bases.map(({ name, linux }) => baseTag(name, linux));
  const { file, bytes, parts } = saved;
  if (flags.json) return print(JSON.stringify({ ok: true, file, bytes, parts, bases: tags }));
  for (const path of archiveFiles(saved)) print(path);
}

async function loadBases(
  files: readonly string[],
  json: boolean,
  { session, print }: CommandData,
): Promise<void> {
  if (files.length === 0) {
    throw new NuaError("usage", "Load base images: expected at least one file", {
      hint: "nua-build bases load FILE…; - is standard input",
    });
  }
  const linuxes = listedLinuxes(session.settings);
  const loaded = await loadArchives(files, session, {
    accept: (images) => {
      const other = images.find(({ tag }) => readBaseTag(tag, linuxes) === undefined);
      if (other !== undefined) throw notABase(other.tag);
    },
    commandFor: loadCommandFor,
  });
  const bases = await Promise.all(
    loaded.map(async ({ tag, image }) => {
      const { name, linux } = readBaseTag(tag, linuxes)!;
      const state = await probeBase(findBase(name, linux), session);
      return { tag, state, bytes: image.bytes };
    }),
  );
  for (const { tag } of bases.filter(({ state }) => state !== "current")) {
    session.report.warn(
      `${tag} was made from something else than is wanted here, and would be built anew: ` +
        "name with --linux-base the Linux image that it was made from",
    );
  }
  if (json) return print(JSON.stringify({ ok: true, bases }));
  for (const { tag } of bases) print(tag);
}

/** Those that are named, and what they need. */
function planNamed(names: readonly string[], session: Session): BaseImage[] {
  const named = names.map((name) => parseBaseName(name, listedLinuxes(session.settings)));
  const all = named.flatMap(({ name, linux }) => planBases([name], linux));
  return [...new Map(all.map((base) => [baseTag(base.name, base.linux), base])).values()];
}

function notABase(tag: string): NuaError {
  return new NuaError("input", `Load base images: "${tag}" is none of nua-build ${VERSION}`, {
    hint: "images of apps: nua-build load FILE; bases of another version: that nua-build",
  });
}

/** What an archive of them is called, when only its folder is named. */
const BASES_NAME = `nua-bases:${VERSION}`;
