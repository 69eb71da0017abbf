/** Pure: rust-toolchain.toml, and its older form. Source: The rustup book, "Overrides". */
import * as v from "valibot";
import type { SourceTree } from "../../source/source-tree.ts";
import { versionInFile } from "../version-files.ts";
import { lineWith, readCargoFile } from "./cargo-toml.ts";

export interface ToolchainFile {
  file: string;
  /** Undefined where it names none. */
  channel: { name: string; line: number } | undefined;
  /** Systems that are built for beside the one that it runs on. */
  targets: string[];
}

/** Where both are there, rustup reads the older one. */
export function readToolchainFile(tree: SourceTree): ToolchainFile | null {
  for (const file of ["rust-toolchain", "rust-toolchain.toml"]) {
    const text = tree.text(file);
    if (text === undefined) continue;
    const plain = versionInFile(tree, file);
    if (file === "rust-toolchain" && plain !== null && /^[\w.-]+$/.test(plain.version)) {
      const channel = { name: plain.version, line: plain.from.line ?? 1 };
      return { file, channel, targets: [] };
    }
    const toolchain = readCargoFile(tree, file, schema)?.toolchain;
    const name = toolchain?.channel;
    const line = lineWith(text, /^\s*(?:toolchain\.)?channel\s*=/) ?? 1;
    const channel = name === undefined ? undefined : { name, line };
    return { file, channel, targets: toolchain?.targets ?? [] };
  }
  return null;
}

// --- internal ---

const schema = v.object({
  toolchain: v.optional(
    v.object({
      channel: v.optional(v.string()),
      targets: v.optional(v.array(v.string()), []),
    }),
  ),
});
