/** `thicken`. */
import { readArchive } from "../images/archive/read-archive.ts";
import { archiveFiles } from "../images/archive/write-archive.ts";
import { archiveName, ensureOutputFolder, resolveTarget } from "../images/transfer/target.ts";
import { thicken } from "../images/transfer/thicken.ts";
import { NuaError } from "../lib/errors.ts";
import { ARCHIVE_ARGS, archiveOptions } from "./archive-args.ts";
import { COMMON_ARGS, defineCommand } from "./command.ts";

const { thin: _, ...FULL_ARGS } = ARCHIVE_ARGS;

export const thickenCommand = defineCommand({
  meta: {
    name: "nua-build thicken",
    description: "Complete a thin archive by those of the images that it needs",
  },
  words: "THIN BASE…",
  args: { ...FULL_ARGS, ...COMMON_ARGS },
  async run(args, { words, session, print }) {
    const [thin, ...bases] = words;
    if (thin === undefined || bases.length === 0) {
      throw new NuaError("usage", "Complete an archive: expected it and at least one other", {
        hint: "nua-build thicken THIN BASE… --output FILE",
      });
    }
    const options = archiveOptions(args);
    await ensureOutputFolder(session.settings.output);
    const [tag = "image"] = (await readArchive(thin)).tags;
    const target = await resolveTarget(session.settings.output, archiveName(tag, options));
    const saved = await thicken({ thin, bases, target, options }, session);
    print(args.json ? JSON.stringify({ ok: true, ...saved }) : archiveFiles(saved).join("\n"));
  },
});
