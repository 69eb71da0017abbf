/** Generators of sites with many pages: documentation, blogs, catalogues of components. */

import { posix } from "node:path";
import type { AppPackage } from "../app/app-package.ts";
import {
  buildScript,
  type Framework,
  type FrameworkOutput,
  optionOf,
  origin,
  pathOr,
  readConfig,
} from "./framework.ts";

/** The first that is there counts: most build by Vite or a bundler of those above. */
export const documents: readonly Framework[] = [
  manyPages("VitePress", ["vitepress"], {
    program: "vitepress",
    build: "vitepress build",
    folder: (app) => {
      const root = documentRoot(app, "vitepress");
      const { config } = readConfig(app, posix.join(root, ".vitepress/config"));
      const outDir = config.value("outDir");
      return typeof outDir === "string"
        ? posix.join(root, outDir)
        : posix.join(root, ".vitepress/dist");
    },
  }),
  manyPages("VuePress", ["vuepress", "vuepress-vite", "vuepress-webpack"], {
    program: "vuepress(-vite|-webpack)?",
    build: "vuepress build",
    folder: (app) =>
      optionOf(buildScript(app), /vuepress/, "--dest", "-d") ??
      posix.join(documentRoot(app, "vuepress"), ".vuepress/dist"),
  }),
  manyPages("Docusaurus", ["@docusaurus/core"], {
    program: "docusaurus",
    build: "docusaurus build",
    folder: (app) => optionOf(buildScript(app), /docusaurus/, "--out-dir") ?? "build",
  }),
  manyPages("Gatsby", ["gatsby"], {
    program: "gatsby",
    build: "gatsby build",
    folder: () => "public",
  }),
  manyPages("Eleventy", ["@11ty/eleventy"], {
    program: "(eleventy|11ty)",
    build: "eleventy",
    folder: (app) =>
      optionOf(buildScript(app), /eleventy/, "--output") ?? eleventyFolder(app) ?? "_site",
  }),
  manyPages("Hexo", ["hexo"], { program: "hexo", build: "hexo generate", folder: () => "public" }),
  manyPages("Slidev", ["@slidev/cli"], {
    program: "slidev",
    build: "slidev build",
    folder: () => "dist",
  }),
  manyPages("Metalsmith", ["metalsmith"], {
    program: "metalsmith",
    build: "metalsmith",
    folder: () => "build",
  }),
  manyPages("Antora", ["@antora/site-generator", "antora"], {
    program: "antora",
    build: "antora",
    folder: () => "build/site",
  }),
  manyPages("Storybook", ["storybook"], {
    program: "(storybook|start-storybook)",
    build: "storybook build",
    folder: (app) =>
      optionOf(buildScript(app), /storybook/, "--output-dir", "-o") ?? "storybook-static",
    // Most that have it also have an app beside it.
    when: (app) => /\bstorybook\s+build|build-storybook/.test(buildScript(app)),
  }),
];

// --- internal ---

interface ManyPages {
  program: string;
  build: string;
  folder(app: AppPackage): unknown;
  when?(app: AppPackage): boolean;
}

function manyPages(name: string, packages: readonly string[], rules: ManyPages): Framework {
  return {
    name,
    read(app): FrameworkOutput | null {
      const { program, build, folder, when } = rules;
      if (!packages.some((one) => app.dependencies.has(one))) return null;
      const line = buildScript(app);
      // Many apps have one beside them, for their documentation.
      if (line !== "" && !new RegExp(`(^|[\\s/])${program}(\\s|$)`).test(line)) return null;
      if (when?.(app) === false) return null;
      const site = { folder: pathOr(folder(app), "."), fallback: "not found" } as const;
      if (site.folder === ".") return null;
      const notStart = new RegExp(`^${program}(\\s|$)`);
      return { from: origin(app, undefined), site, build, notStart };
    },
  };
}

/** `vitepress build docs`: the folder with the pages; by default where it is started. */
function documentRoot({ manifest }: AppPackage, program: string): string {
  const pattern = new RegExp(`\\b${program}(?:-\\w+)?\\s+(?:build|dev)\\s+(?!-)([\\w@./-]+)`);
  const lines = [manifest.scripts.build, ...Object.values(manifest.scripts)];
  return pathOr(lines.map((line) => pattern.exec(line ?? "")?.[1]).find(Boolean), "");
}

function eleventyFolder(app: AppPackage): string | undefined {
  const names = [".eleventy", "eleventy.config"];
  const found = names.map((name) =>
    readConfig(app, name, ["js", "cjs", "mjs"]).config.value("dir", "output"),
  );
  return found.find((value) => typeof value === "string") as string | undefined;
}
