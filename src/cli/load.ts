import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { diskError } from "../archive/disk.ts";
import { NuaError } from "../shared/errors.ts";
import { createTempFolder } from "../temp-folder.ts";
import { type LoadedImage, loadArchive } from "../transfer/load-archive.ts";
import type { World } from "../world.ts";
import { COMMON_ARGS, defineCommand } from "./command.ts";

export const loadCommand = defineCommand({
  meta: {
    name: "nua-build load",
    description: "Verify archives and load them into the engine, whatever wrote them",
  },
  words: "FILE…",
  args: { ...COMMON_ARGS },
  async run(args, { words, world, print }) {
    if (words.length === 0) {
      throw new NuaError("usage", "Load archives: expected at least one file", {
        hint: "nua-build load FILE…; - is standard input",
      });
    }
    const loaded: LoadedImage[] = [];
    for (const file of words) {
      loaded.push(await (file === "-" ? loadStdin(world) : loadArchive(file, world)));
    }
    if (args.json) {
      const images = loaded.map(({ tag, image }) => ({ tag, id: image.id }));
      return print(JSON.stringify({ ok: true, images }));
    }
    for (const { tag } of loaded) print(tag);
  },
});

// --- internal ---

/** It is read twice, to be verified before the engine sees it: so it waits in a file. */
async function loadStdin(world: World): Promise<LoadedImage> {
  await using folder = await createTempFolder(world.settings.buildDir);
  const file = join(folder.path, "standard-input");
  try {
    await pipeline(process.stdin, createWriteStream(file), { signal: world.signal });
  } catch (cause) {
    world.signal.throwIfAborted();
    throw diskError("Read standard input", file, cause);
  }
  return await loadArchive(file, world);
}
