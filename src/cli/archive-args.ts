/** The flags of the commands that write archives. */
import type { ArgsDef } from "citty";
import type { ArchiveForm } from "../images/archive/destination.ts";
import type { ArchiveOptions } from "../images/transfer/archive-options.ts";
import { NuaError } from "../lib/errors.ts";
import { isStandardOutput } from "../session/settings.ts";

export const ARCHIVE_ARGS = {
  output: {
    type: "string",
    alias: "o",
    description: "File or folder of the archive (/var/tmp); - is standard output",
  },
  thin: { type: "boolean", description: "Leave out the layers of the base image" },
  compress: { type: "string", description: "gzip or zstd, with :LEVEL if wanted" },
  split: { type: "string", description: "Largest size of a part, such as 700M or 4G" },
  "safe-name": { type: "boolean", description: "A file name without colons" },
} as const satisfies ArgsDef;

export interface ArchiveFlags {
  output?: string | undefined;
  thin?: boolean | undefined;
  compress?: string | undefined;
  split?: string | undefined;
  "safe-name"?: boolean | undefined;
}

/** @throws NuaError (usage) for a value that means nothing */
export function archiveOptions(args: ArchiveFlags): ArchiveOptions {
  const form = {
    compression: args.compress === undefined ? null : parseCompression(args.compress),
    partBytes: args.split === undefined ? null : parseSize(args.split),
  };
  if (form.partBytes !== null && isStandardOutput(args.output)) {
    throw new NuaError("usage", "Split the archive: standard output cannot be split", {
      hint: "name a file with --output, or leave --split out",
    });
  }
  return { form, thin: args.thin === true, safeName: args["safe-name"] === true };
}

// --- internal ---

const LEVELS = { gzip: 9, zstd: 19 } as const;

function parseCompression(text: string): NonNullable<ArchiveForm["compression"]> {
  const match = /^(gzip|zstd)(?::(\d+))?$/.exec(text);
  const format = match?.[1] as keyof typeof LEVELS | undefined;
  const level = match?.[2] === undefined ? undefined : Number(match[2]);
  const isLevel = level === undefined || (level >= 1 && level <= LEVELS[format ?? "gzip"]);
  if (format !== undefined && isLevel) return { format, level };
  throw new NuaError("usage", `Read --compress "${text}": expected gzip or zstd`, {
    hint: "gzip takes a level from 1 to 9, zstd from 1 to 19: --compress zstd:10",
  });
}

const UNITS: Readonly<Record<string, number>> = { "": 1, K: 1e3, M: 1e6, G: 1e9 };

/** A part holds at least the header of a member. */
const LEAST_PART = 1e3;

function parseSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([KMG]?)B?$/i.exec(text.trim());
  const bytes = Math.floor(Number(match?.[1]) * UNITS[(match?.[2] ?? "").toUpperCase()]!);
  if (bytes >= LEAST_PART) return bytes;
  throw new NuaError("usage", `Read --split "${text}": expected a size of at least 1K`, {
    hint: "such as 700M or 4G, in powers of 1000",
  });
}
