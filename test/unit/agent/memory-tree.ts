import type { Tree } from "../../../src/agent/tree.ts";

/** A file system in memory: absolute paths and what the files hold. */
export function memoryTree(files: Readonly<Record<string, string>>): Tree {
  const paths = Object.keys(files);
  return {
    exists: (path) => path in files || paths.some((file) => file.startsWith(`${path}/`)),
    list: (folder) => {
      const below = paths.filter((path) => path.startsWith(`${folder}/`));
      const names = below.map((path) => path.slice(folder.length + 1).replace(/\/.*/, "/"));
      return [...new Set(names)].sort();
    },
    read: (path) => files[path],
  };
}
