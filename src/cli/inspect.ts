import { type ArchiveSummary, readArchive } from "../archive/read-archive.ts";
import { formatBytes } from "../format.ts";
import { NuaError } from "../shared/errors.ts";
import { COMMON_ARGS, defineCommand } from "./command.ts";

export const inspectCommand = defineCommand({
  meta: {
    name: "nua-build inspect",
    description: "Verify an archive and print what is in it; no engine is needed",
  },
  words: "FILE",
  args: {
    config: { type: "boolean", description: "Print the nua-config only" },
    ...COMMON_ARGS,
  },
  async run(args, { words, print }) {
    const [file] = words;
    if (file === undefined || words.length > 1) {
      throw new NuaError("usage", "Inspect an archive: expected one file", {
        hint: "nua-build inspect FILE",
      });
    }
    const summary = await readArchive(file);
    if (args.config) return print(JSON.stringify(summary.nuaConfig ?? null, null, 4));
    print(args.json ? JSON.stringify({ ok: true, ...summary }) : formatSummary(summary));
  },
});

// --- internal ---

function formatSummary({ tags, configDigest, labels, layers }: ArchiveSummary): string {
  const total = layers.reduce((sum, { bytes }) => sum + bytes, 0);
  return [
    `tags:   ${tags.join(", ")}`,
    `config: ${configDigest}`,
    `size:   ${formatBytes(total)} in ${layers.length} layers`,
    "labels:",
    ...Object.entries(labels).map(([label, value]) => `  ${label}=${value}`),
    "layers:",
    ...layers.map(({ bytes, digest, createdBy }) => {
      const command = createdBy.replace(/\s+/g, " ").slice(0, 70);
      return `  ${formatBytes(bytes).padStart(8)}  ${digest.slice(0, 19)}  ${command}`.trimEnd();
    }),
  ].join("\n");
}
