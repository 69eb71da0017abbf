/** Python wheels: apps that consist of wheels only. */
import type { SourceTree } from "../../source/source-tree.ts";
import type { Language } from "../language.ts";
import { pipInstall } from "./pip.ts";
import { findManifest } from "./project.ts";

export const wheels: Language = {
  name: "wheels",
  installsPython: true,
  manifests: ["*.whl"],
  detect: (tree) => (findManifest(tree) === null ? (findWheels(tree)[0] ?? null) : null),
  plan: (tree, { source }) => ({
    packages: [],
    install: [],
    build: [
      pipInstall(
        findWheels(tree).map((name) => `./${name}`),
        { cwd: source, from: { what: "*.whl" } },
      ),
    ],
  }),
};

// --- internal ---

function findWheels(tree: SourceTree): string[] {
  return tree
    .list("")
    .filter(({ name, kind }) => name.endsWith(".whl") && kind !== "folder")
    .map(({ name }) => name);
}
