/** `inspect`. */
import { partName } from "../images/archive/parts.ts";
import {
  type ArchiveSummary,
  readArchive,
  readArchiveStream,
} from "../images/archive/read-archive.ts";
import { NuaError } from "../lib/errors.ts";
import { formatBytes } from "../lib/format.ts";
import type { Session } from "../session/session.ts";
import { COMMON_ARGS, defineCommand } from "./command.ts";

export const inspectCommand = defineCommand({
  meta: {
    name: "nua-build inspect",
    description: "Verify an archive, or an image of the engine, and print what is in it",
  },
  words: "FILE|IMAGE",
  args: {
    config: { type: "boolean", description: "Print the nua-config only" },
    ...COMMON_ARGS,
  },
  async run(args, { words, session, print }) {
    const [subject] = words;
    if (subject === undefined || words.length > 1) {
      throw new NuaError("usage", "Inspect: expected one archive or image", {
        hint: "nua-build inspect FILE|IMAGE",
      });
    }
    const summary = await readSubject(subject, session);
    if (args.config) return print(JSON.stringify(summary.nuaConfig ?? null, null, 4));
    print(args.json ? JSON.stringify({ ok: true, ...summary }) : formatSummary(summary));
  },
});

// --- internal ---

/** No engine is asked where there is such a file. */
async function readSubject(subject: string, session: Session): Promise<ArchiveSummary> {
  if (await isArchivePath(subject)) return readArchive(subject);
  const engine = await session.engine();
  const image = await engine.findImage(subject);
  if (image === undefined) {
    throw new NuaError("input", `Inspect "${subject}": there is no such file, and no such image`, {
      hint: "name an archive, or an image that the engine holds",
    });
  }
  const stream = engine.save(image.id);
  const summary = await readArchiveStream(stream, { attempt: `Read image "${subject}"` });
  return { ...summary, tags: image.tags };
}

async function isArchivePath(path: string): Promise<boolean> {
  const candidates = [path, partName(path, 0)];
  const found = await Promise.all(candidates.map((file) => Bun.file(file).exists()));
  return found.includes(true) || /\.tar(\.|$)/.test(path) || path.startsWith("/");
}

function formatSummary(summary: ArchiveSummary): string {
  const { tags, configDigest, base, labels, layers, largestFiles, needs } = summary;
  const total = layers.reduce((sum, { bytes }) => sum + bytes, 0);
  return [
    `tags:   ${tags.join(", ")}`,
    `config: ${configDigest}`,
    ...(base === null ? [] : [`base:   ${base}`]),
    `size:   ${formatBytes(total)} in ${layers.length} layers`,
    ...needs.map(({ tag, layers: left }) => `needs:  ${tag}, for ${left.length} layers left out`),
    "labels:",
    ...Object.entries(labels).map(([label, value]) => `  ${label}=${value}`),
    "layers:",
    ...layers.map(formatLayer),
    "largest files:",
    ...largestFiles.map(({ bytes, path }) => `  ${formatBytes(bytes).padStart(8)}  ${path}`),
  ].join("\n");
}

function formatLayer({ bytes, digest, createdBy, isLeftOut }: ArchiveSummary["layers"][number]) {
  const command = createdBy.replace(/\s+/g, " ").slice(0, 70);
  const note = isLeftOut ? "(left out) " : "";
  return `  ${formatBytes(bytes).padStart(8)}  ${digest.slice(0, 19)}  ${note}${command}`.trimEnd();
}
