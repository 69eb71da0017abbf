/** `load`. */
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { appImageRules } from "../bases/protected-names.ts";
import { diskError } from "../images/archive/disk.ts";
import { type LoadedImage, type LoadRules, loadArchive } from "../images/transfer/load-archive.ts";
import { NuaError } from "../lib/errors.ts";
import type { Session } from "../session/session.ts";
import { createTempFolder } from "../session/temp-folder.ts";
import { COMMON_ARGS, defineCommand } from "./command.ts";

export const loadCommand = defineCommand({
  meta: {
    name: "nua-build load",
    description: "Verify archives and load them into the engine, whatever wrote them",
  },
  words: "FILE…",
  args: { ...COMMON_ARGS },
  async run(args, { words, session, print }) {
    if (words.length === 0) {
      throw new NuaError("usage", "Load archives: expected at least one file", {
        hint: "nua-build load FILE…; - is standard input",
      });
    }
    const loaded = await loadArchives(words, session);
    if (args.json) return print(JSON.stringify({ ok: true, images: loaded.map(describeImage) }));
    for (const { tag } of loaded) print(tag);
  },
});

/** @param files archives; `-` is standard input */
export async function loadArchives(
  files: readonly string[],
  session: Session,
  rules: LoadRules = appImageRules(session),
): Promise<LoadedImage[]> {
  const loaded: LoadedImage[] = [];
  for (const file of files) {
    const load = (path: string) => loadArchive(path, session, rules);
    loaded.push(...(await (file === STANDARD_INPUT ? withStdin(session, load) : load(file))));
  }
  return loaded;
}

// --- internal ---

const STANDARD_INPUT = "-";

function describeImage({ tag, image }: LoadedImage) {
  return { tag, id: image.id };
}

/** It is read twice, to be verified before the engine sees it: so it waits in a file. */
async function withStdin<Result>(
  session: Session,
  use: (file: string) => Promise<Result>,
): Promise<Result> {
  await using folder = await createTempFolder(session.settings.buildDir);
  const file = join(folder.path, "standard-input");
  try {
    await pipeline(process.stdin, createWriteStream(file), { signal: session.signal });
  } catch (cause) {
    session.signal.throwIfAborted();
    throw diskError("Read standard input", file, cause);
  }
  return await use(file);
}
