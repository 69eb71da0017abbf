/** `prune`. */
import type { Leftover } from "../leftovers/leftover.ts";
import { findLeftovers, removeLeftovers } from "../leftovers/prune.ts";
import { EXIT_STATUS, NuaError } from "../lib/errors.ts";
import { COMMON_ARGS, defineCommand } from "./command.ts";

export const pruneCommand = defineCommand({
  meta: {
    name: "nua-build prune",
    description: "Remove what runs have left behind that were killed",
  },
  words: "",
  args: {
    "dry-run": { type: "boolean", description: "Tell what would be removed, and remove nothing" },
    output: { type: "string", alias: "o", description: "Folder of archives (/var/tmp)" },
    ...COMMON_ARGS,
  },
  async run(args, { words, session, print, endWith }) {
    if (words.length > 0) {
      throw new NuaError("usage", `Prune "${words.join(" ")}": prune takes no words`, {
        hint: "nua-build prune, or nua-build prune --dry-run",
      });
    }
    const found = await findLeftovers(session);
    const isDry = args["dry-run"] === true;
    const kept = isDry ? [] : await removeLeftovers(found);
    const gone = found.filter((one) => !kept.some(({ leftover }) => leftover === one));
    const failed = kept.map(({ leftover, reason }) => ({ ...plain(leftover), reason }));
    if (args.json) {
      const key = isDry ? "left" : "removed";
      print(JSON.stringify({ ok: failed.length === 0, [key]: gone.map(plain), failed }));
    } else {
      for (const { kind, name } of gone)
        print(`${isDry ? "would remove" : "removed"} ${kind} ${name}`);
      for (const { kind, name, reason } of failed) {
        session.report.warn(`${kind} ${name} is left: ${reason}`);
      }
    }
    if (failed.length > 0) endWith(EXIT_STATUS.archive);
  },
});

// --- internal ---

function plain({ kind, name }: Leftover): Pick<Leftover, "kind" | "name"> {
  return { kind, name };
}
