/** A read-only file system interface; tests use one in memory. */
import { existsSync, readdirSync, readFileSync } from "node:fs";

export interface Tree {
  exists(path: string): boolean;
  /** Names in a folder, sorted, those of folders with a final "/"; empty when there is none. */
  list(folder: string): string[];
  /** The text of a file; undefined when there is none. */
  read(path: string): string | undefined;
}

/** The real file system. */
export const diskTree: Tree = {
  exists: (path) => existsSync(path),
  list: (folder) =>
    existsSync(folder)
      ? readdirSync(folder, { withFileTypes: true })
          .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
          .sort()
      : [],
  read: (path) => (existsSync(path) ? readFileSync(path, "utf8") : undefined),
};
