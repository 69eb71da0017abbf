/** Pure: what becomes a part of the program itself (go:embed), and the front ends that make it. */
import { oncePer } from "../../lib/once-per.ts";
import { type SourceTree, treePath } from "../../source/source-tree.ts";
import { FRONT_ENDS } from "../front-ends.ts";
import { binFolder } from "./commands.ts";
import type { GoProject } from "./project.ts";
import { relatesTo } from "./read-paths.ts";
import { goFolders, join } from "./sources.ts";

/**
 * What no program reads when it runs, since it has it: folders of front ends, and patterns with the
 * folder that they are in, relative to the app's source: `web/dist/*`. Those that no shell should
 * read are left out, and those of the app's whole folder. What a program reads all the same stays.
 */
export function onlyEmbedded(
  tree: SourceTree,
  project: GoProject,
): { fronts: string[]; embedded: string[] } {
  const modules = project.modules.map(({ folder }) => folder);
  const isRead = relatesTo(goFolders(tree, ...modules).flatMap(({ reads }) => reads));
  const fronts = embeddedFrontEnds(tree, ...modules);
  const programs = binFolder(tree, project);
  const all = patterns(tree, project).filter((one) => {
    const [top = ""] = one.split("/");
    return /^[\w@.+/*-]+$/.test(one) && !top.includes("*") && top !== programs;
  });
  const within = new Set(fronts);
  return {
    fronts: fronts.filter((one) => !isRead(one)),
    embedded: all.filter((one) => !isRead(one) && !ancestors(one).some((at) => within.has(at))),
  };
}

/**
 * Folders with a package.json that make what is embedded: they are built before, and nothing of
 * them is read when the app runs.
 */
export const embeddedFrontEnds = oncePer((tree: SourceTree, ...modules: string[]): string[] => {
  const found = frontEndsInPlace(tree, modules);
  const copied = copiedFrontEnd(tree, ...modules);
  return [...new Set([...found, ...(copied === null ? [] : [copied.from])])];
});

/** A front end whose build has to be put where it is embedded. */
export interface CopiedFrontEnd {
  /** Its folder. */
  from: string;
  /** The folder that is embedded. */
  to: string;
}

/**
 * Of a folder that is embedded, is named like the build of a front end, and has nothing in it that a
 * browser
 * would load: people copy there what the only front end at the top, or beside it, has built, where
 * its bundler does not write there itself.
 */
export const copiedFrontEnd = oncePer(
  (tree: SourceTree, ...modules: string[]): CopiedFrontEnd | null => {
    const found = goFolders(tree, ...modules).flatMap(({ folder, embeds }) =>
      embeds.flatMap((pattern) => {
        const to = treePath(join(folder, pattern.replace(/\/\*+$/, "")));
        if (to === undefined || !isAwaited(tree, to)) return [];
        return frontEndOf(tree, folder, pattern) === undefined ? [{ to, folder }] : [];
      }),
    );
    const [one] = found;
    if (one === undefined || found.some(({ to }) => to !== one.to)) return null;
    const inPlace = frontEndsInPlace(tree, modules);
    const fronts = [...new Set(["", one.folder])]
      .flatMap((folder) => frontEndsIn(tree, folder))
      .filter((front) => !inPlace.includes(front));
    return fronts.length === 1 ? { from: fronts[0]!, to: one.to } : null;
  },
);

// --- internal ---

/** Those whose build is embedded where they make it. */
function frontEndsInPlace(tree: SourceTree, modules: readonly string[]): string[] {
  return goFolders(tree, ...modules).flatMap(({ folder, embeds }) =>
    embeds.flatMap((pattern) => frontEndOf(tree, folder, pattern) ?? []),
  );
}

/** Folders with a script "build"; `.dockerignore` often leaves out what is built outside of the image. */
function frontEndsIn(tree: SourceTree, folder: string): string[] {
  const listed = tree.list(folder).filter(({ kind }) => kind === "folder");
  return [...new Set([...listed.map(({ name }) => name), ...FRONT_ENDS])]
    .map((name) => join(folder, name))
    .filter((one) => /"build"\s*:\s*"/.test(tree.text(join(one, "package.json")) ?? ""));
}

/** A folder that is not there, or holds its place alone. */
function isAwaited(tree: SourceTree, folder: string): boolean {
  const name = folder.split("/").at(-1)!;
  const loaded = tree.list(folder).some((one) => LOADED.test(one.name));
  return BUILDS.test(name) && !loaded;
}

const BUILDS =
  /^(?:dist|build|out|site|web|www|ui|public|static|frontend|client|html|spa|webapp|webroot|web-?ui)$/;

/** Beside a page that says that nothing has been built yet. */
const LOADED = /\.(?:m?js|css|wasm)$|^(?:assets|static|js|css|_app|_next|_nuxt)$/;

function patterns(tree: SourceTree, { modules }: GoProject): string[] {
  const folders = goFolders(tree, ...modules.map(({ folder }) => folder));
  const all = folders.flatMap(({ folder, embeds }) => embeds.map((one) => join(folder, one)));
  // As Go has it: no part of a pattern is empty, or leads elsewhere.
  return [...new Set(all)].filter((one) => one.split("/").every((name) => !/^\.{0,2}$/.test(name)));
}

/** The nearest above what is embedded. */
function frontEndOf(tree: SourceTree, folder: string, pattern: string): string | undefined {
  const fixed = pattern.split("/").filter((name) => !name.includes("*"));
  const target = treePath(join(folder, fixed.join("/")));
  if (target === undefined || target === folder) return undefined;
  return ancestors(target).find(
    (one) => one !== "" && isWithin(one, folder) && tree.has(join(one, "package.json")),
  );
}

/** Itself, and all above, the nearest first. */
function ancestors(path: string): string[] {
  const names = path.split("/");
  return names.map((_, index) => names.slice(0, names.length - index).join("/"));
}

function isWithin(path: string, folder: string): boolean {
  return folder === "" || path === folder || path.startsWith(`${folder}/`);
}
