/** Vite, without a framework that builds a server: an app of one page, or several pages. */
import { posix } from "node:path";
import type { AppPackage } from "../app/app-package.ts";
import { buildScript, type Framework, optionOf, origin, pathOr, readConfig } from "./framework.ts";

/** Source: vite.dev/config ("root", "build.outDir", "appType"), and its command line. */
export const vite: Framework = {
  name: "Vite",
  read(app) {
    const line = buildScript(app);
    if (![...VITES].some((name) => app.dependencies.has(name)) && !PROGRAM.test(line)) return null;
    const { file, config } = readConfig(app, "vite.config");
    const isLibrary =
      config.has("build", "lib") || config.has("build", "ssr") || /--ssr\b/.test(line);
    if (isLibrary || [...config.imports].some((name) => OF_SERVERS.test(name))) return null;
    const root = pathOr(rootOf(line) ?? config.value("root"), "");
    // Its entry, without which it builds parts of something else.
    if (!app.tree.has(posix.join(root, "index.html"))) return null;
    const outDir = optionOf(line, PROGRAM, "--outDir") ?? config.value("build", "outDir");
    const pages = pagesOf(app, root) > 1 || config.value("appType") === "mpa";
    return {
      ...{ from: origin(app, file), build: "vite build", notStart: /^(vite|rolldown-vite)(\s|$)/ },
      site: {
        folder: posix.join(root, pathOr(outDir, "dist")),
        fallback: pages ? "not found" : "index",
      },
    };
  },
};

// --- internal ---

const VITES = ["vite", "rolldown-vite", "vite-plus"];
const PROGRAM = /\bvite\s+build\b/;

/** Plugins that build the front end of a server in another language, or of another platform. */
const OF_SERVERS =
  /^(laravel-vite-plugin|vite-plugin-(rails|symfony|ssr)|@crxjs\/vite-plugin|@cloudflare\/vite-plugin|vike\/plugin|vite-plugin-electron|electron-vite|vite-plugin-web-extension)/;

/** `vite build web`: the folder after the options that take none. */
function rootOf(line: string): string | undefined {
  return /\bvite\s+build\s+(?!-)([\w@./-]+)/.exec(line)?.[1];
}

function pagesOf({ tree }: AppPackage, root: string): number {
  return tree
    .list(root)
    .filter(({ name, kind }) => kind === "file" && /^(?!404\.)[\w-]+\.html$/.test(name)).length;
}
