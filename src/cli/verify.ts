/** `verify`. */
import { basename } from "node:path";
import { checksumName, readChecksums } from "../images/archive/checksum-file.ts";
import { diskError } from "../images/archive/disk.ts";
import { listImages } from "../images/archive/list-images.ts";
import { findParts } from "../images/archive/parts.ts";
import { NuaError } from "../lib/errors.ts";
import { fileChunks } from "../lib/input-file.ts";
import { rebuild } from "../rebuild.ts";
import {
  BASE_ARGS,
  COMMON_ARGS,
  type CommandData,
  defineCommand,
  NETWORK_ARGS,
  OFFLINE_ARGS,
  PLAN_ARGS,
} from "./command.ts";

export const verifyCommand = defineCommand({
  meta: {
    name: "nua-build verify",
    description: "Read an archive to its end and check every digest; or build it again and compare",
  },
  words: "FILE… | --rebuild FILE PATH",
  args: {
    rebuild: { type: "boolean", description: "Whether PATH gives this very archive" },
    ...PLAN_ARGS,
    ...OFFLINE_ARGS,
    ...BASE_ARGS,
    ...NETWORK_ARGS,
    ...COMMON_ARGS,
  },
  async run(args, data) {
    if (args.rebuild) return verifyRebuild(data, args.json === true);
    if (data.words.length === 0) {
      throw new NuaError("usage", "Verify archives: expected at least one file", {
        hint: "nua-build verify FILE…",
      });
    }
    for (const file of data.words) {
      await verifyChecksums(file);
      const images = (await listImages(file)).map(({ tag, configDigest }) => ({
        tag,
        configDigest,
      }));
      const result = { ok: true, file, images };
      data.print(args.json ? JSON.stringify(result) : `${file}: whole`);
    }
  },
});

// --- internal ---

/** @throws NuaError (archive) for a file that is not what stands in the checksum file beside it */
async function verifyChecksums(file: string): Promise<void> {
  const attempt = `Verify archive "${file}"`;
  const archive = file.replace(/\.001$/, "");
  const checksums = await readChecksums(archive).catch((cause) => {
    throw diskError(attempt, checksumName(archive), cause, "read");
  });
  if (checksums.size === 0) return;
  for (const part of await findParts(file, attempt)) {
    const expected = checksums.get(basename(part));
    if (expected === undefined) continue;
    const hasher = new Bun.CryptoHasher("sha256");
    for await (const chunk of fileChunks(part)) hasher.update(chunk);
    if (hasher.digest("hex") === expected) continue;
    throw new NuaError("archive", `${attempt}: "${part}" is not what its checksum file says`, {
      file: part,
      hint: "bring the file here again",
    });
  }
}

async function verifyRebuild(
  { words, session, print }: CommandData,
  isJson: boolean,
): Promise<void> {
  const [file, path, ...rest] = words;
  if (file === undefined || path === undefined || rest.length > 0) {
    throw new NuaError("usage", "Verify by building again: expected an archive and an app", {
      hint: "nua-build verify --rebuild FILE PATH",
    });
  }
  const difference = await rebuild({ file, path }, session);
  if (difference === undefined) {
    return print(isJson ? JSON.stringify({ ok: true, file, identical: true }) : "identical");
  }
  const { subject, place, how } = difference;
  throw new NuaError("archive", `Rebuild "${path}": not identical: ${place}: ${subject}: ${how}`, {
    file,
    hint: "an archive that can be rebuilt is made with --reproducible or SOURCE_DATE_EPOCH",
  });
}
