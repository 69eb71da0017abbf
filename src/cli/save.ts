/** `save`. */
import { archiveFiles, type SavedArchive } from "../images/archive/write-archive.ts";
import { saveImage } from "../images/transfer/save-image.ts";
import {
  archiveName,
  ensureOutputFolder,
  resolveTarget,
  STANDARD_OUTPUT,
} from "../images/transfer/target.ts";
import { NuaError } from "../lib/errors.ts";
import { ARCHIVE_ARGS, archiveOptions } from "./archive-args.ts";
import { COMMON_ARGS, defineCommand } from "./command.ts";

export const saveCommand = defineCommand({
  meta: {
    name: "nua-build save",
    description: "Save images of the engine, each as an archive that every engine loads",
  },
  words: "IMAGE…",
  args: { ...ARCHIVE_ARGS, ...COMMON_ARGS },
  async run(args, { words, session, print }) {
    if (words.length === 0) {
      throw new NuaError("usage", "Save images: expected at least one", {
        hint: "nua-build save IMAGE…",
      });
    }
    const options = archiveOptions(args);
    const { output } = session.settings;
    await ensureOutputFolder(output, words.length);
    const engine = await session.engine();
    const saved: SavedArchive[] = [];
    for (const reference of words) {
      const image = await engine.getImage(reference);
      const tag = tagOf(reference, image.tags);
      const target = await resolveTarget(output, archiveName(tag, options));
      saved.push(await saveImage({ image, tag, target, options }, session));
    }
    if (output === STANDARD_OUTPUT) return;
    if (args.json) print(JSON.stringify({ ok: true, archives: saved }));
    else for (const file of saved.flatMap(archiveFiles)) print(file);
  },
});

// --- internal ---

/** The tag that was asked for; an image that is named by its id has one of its own. */
function tagOf(reference: string, tags: readonly string[]): string {
  const named = /[:@]/.test(reference.slice(reference.lastIndexOf("/") + 1))
    ? reference
    : `${reference}:latest`;
  const tag = tags.find((candidate) => candidate === named) ?? tags[0];
  if (tag !== undefined) return tag;
  throw new NuaError("input", `Save image "${reference}": it has no tag`, {
    hint: `give it one: docker tag ${reference} NAME:VERSION`,
  });
}
