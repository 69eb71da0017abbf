/** Stages a tree into the build context by hard links. */
import { readlinkSync } from "node:fs";
import { joinPath } from "../lib/byte-path.ts";
import type { Note } from "../source/left-out.ts";
import { type WalkOptions, walkTree } from "../source/walk-tree.ts";
import type { ContextWriter } from "./context-writer.ts";

export interface StageTreeOptions extends WalkOptions {
  /** What it is written with. */
  writer: ContextWriter;
  /** Folder to copy to, relative to the writer's; empty for that itself. */
  to: string;
}

/** What a person is to be told of an entry, relative to the writer's folder. */
export interface PathNote {
  path: string;
  note: Note;
}

export interface StagedTree {
  files: number;
  /** Of those files together. */
  bytes: number;
  notes: PathNote[];
}

/** See {@link walkTree} for what is taken, and for the errors. */
export async function stageTree({ writer, to, ...options }: StageTreeOptions): Promise<StagedTree> {
  const result: StagedTree = { files: 0, bytes: 0, notes: [] };
  const target = (path: string) => joinPath(to, path);
  const note = (path: string, one: Note) => {
    // Thousands of them would tell no more, and take memory.
    if (result.notes.length < MOST_NOTES) result.notes.push({ path: target(path), note: one });
  };
  await walkTree(options, {
    folder: (path) => writer.makeFolder(target(path)),
    file(path, from, info) {
      if (!writer.addFile(target(path), from, info)) {
        return note(path, { kind: "vanished", detail: "it has vanished meanwhile" });
      }
      result.files += 1;
      result.bytes += info.size;
    },
    link(path, from) {
      writer.addLink(target(path), readlinkSync(from, { encoding: "buffer" }));
    },
    other: () => {},
    note,
  });
  return result;
}

// --- internal ---

const MOST_NOTES = 10_000;
