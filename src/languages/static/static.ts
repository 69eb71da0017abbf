/** Static sites: folders of pages that nothing has to build. */
import { type SourceTree, treePath } from "../../source/source-tree.ts";
import type { Language, StaticSite } from "../language.ts";
import { staticRuntime } from "./runtime.ts";
import { readStaticfile, STATICFILE } from "./staticfile.ts";

/**
 * A page that lies at the top of an app of another language is part of that app: only a Staticfile
 * says that it is to be served as it is.
 */
export const staticSites: Language = {
  name: "static",
  installsPython: false,
  buildsFrontEnds: true,
  runtime: staticRuntime,
  manifests: ["index.html", STATICFILE],
  detect: (tree) => (tree.has(STATICFILE) ? STATICFILE : (findSite(tree)?.from.what ?? null)),
  isOfApp: (tree, { languages }) =>
    tree.has(STATICFILE) || languages.every((name) => name === "static" || name === "shell"),
  // Where a script starts the app, that script decides who serves.
  runtimes(tree, { languages }) {
    const site = siteOf(tree);
    if (site === null || languages.includes("shell")) return [];
    return [{ language: "static", from: site.from, use: "run" }];
  },
  describe(tree) {
    const site = siteOf(tree);
    const title =
      site && titleOf(tree.text(pathOf(site, site.options?.index ?? "index.html")) ?? "");
    return title ? { description: title } : {};
  },
  plan(tree, { languages }) {
    const site = siteOf(tree);
    const isBuilt = languages.some((name) => name !== "shell");
    return {
      ...{ packages: [], install: [], build: [], site },
      warnings: [
        ...(readStaticfile(tree)?.warnings ?? []),
        ...(isBuilt ? [] : missingRoot(tree)),
        ...warningsOf(site),
      ],
      lookedFor: [STATICFILE, ...FOLDERS.map((folder) => joined(folder, "index.html"))],
    };
  },
};

// --- internal ---

/** Where a page is looked for that is the site's first; "" is the app's own folder. */
const FOLDERS = ["", "public", "dist", "build", "out", "_site", "www", "html", "site", "docs"];

const PAGE = /\.html?$/i;

function siteOf(tree: SourceTree): StaticSite | null {
  const file = readStaticfile(tree);
  const found = findSite(tree);
  if (file === null) return found;
  return {
    fallback: "not found",
    ...(file.fallback === undefined ? {} : { fallback: file.fallback }),
    folder: file.root ?? found?.folder ?? "",
    options: { ...(file.root === undefined ? found?.options : {}), ...file.options },
    from: { what: STATICFILE },
  };
}

/** A folder with a page that is its first, or else pages in the app's own folder. */
function findSite(tree: SourceTree): StaticSite | null {
  for (const folder of FOLDERS) {
    const page = ["index.html", "index.htm"].find((name) => tree.has(joined(folder, name)));
    if (page === undefined) continue;
    return { folder, fallback: "not found", from: { what: joined(folder, page) } };
  }
  const pages = tree.list("").filter(({ name, kind }) => kind === "file" && PAGE.test(name));
  const [first] = pages;
  if (first === undefined) return null;
  const site = { folder: "", fallback: "not found", from: { what: first.name } } as const;
  // The only page is the first one; of several, a visitor chooses.
  return pages.length === 1
    ? { ...site, options: { index: first.name } }
    : { ...site, options: { listing: true } };
}

function warningsOf(site: StaticSite | null): string[] {
  if (site?.from.what === STATICFILE || site?.options?.listing !== true) return [];
  return ["there is no index.html: a visitor sees the list of what is in the app's folder"];
}

/** Where no other language is there to make it. */
function missingRoot(tree: SourceTree): string[] {
  const { root, rootLine } = readStaticfile(tree) ?? {};
  const path = root === undefined ? undefined : treePath(root);
  if (path === undefined || path === "" || tree.list(path).length > 0) return [];
  return [
    `${STATICFILE}:${rootLine}: there is no folder "${root}": unless build.build makes it, the build will fail`,
  ];
}

function pathOf({ folder }: StaticSite, page: string): string {
  return joined(folder, page);
}

function joined(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}

/** What a page calls itself, on one line. */
function titleOf(page: string): string | undefined {
  const title = /<title>([^<]{1,300})<\/title>/i.exec(page)?.[1];
  return title?.replace(/\s+/g, " ").trim() || undefined;
}
