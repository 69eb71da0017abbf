import { describe, expect, test } from "bun:test";
import { appPackage } from "../../../../src/languages/node/app/app-package.ts";
import type { NodeContext } from "../../../../src/languages/node/context.ts";
import { outputOf, plainCommandOf } from "../../../../src/languages/node/output.ts";
import { memoryTree } from "../../../helpers/memory-tree.ts";

const NPM: NodeContext = {
  manager: { name: "npm", version: null, run: ["npm", "run"], exec: ["npx"], pnp: false },
  member: null,
  versions: {},
};
const BUN: NodeContext = { ...NPM, manager: { ...NPM.manager, name: "bun" } };
const PNP: NodeContext = {
  ...NPM,
  manager: {
    name: "yarn",
    version: "4.9.2",
    run: ["yarn", "run"],
    exec: ["yarn", "run"],
    pnp: true,
  },
};

type Files = Record<string, string>;

function output(manifest: object, files: Files = {}, context: NodeContext = NPM) {
  const tree = memoryTree({ "package.json": JSON.stringify(manifest), ...files });
  return outputOf(appPackage(tree, context.member), context);
}

const uses = (...names: string[]) => ({
  dependencies: Object.fromEntries(names.map((name) => [name, "1"])),
});
const dev = (...names: string[]) => ({
  devDependencies: Object.fromEntries(names.map((name) => [name, "1"])),
});
const scripts = (table: Record<string, string>) => ({ scripts: table });
const start = (line: string) => scripts({ start: line });

const SERVER = "require('http').createServer(f).listen(process.env.PORT || 8080)";

/** What is started, and the port where it has one. */
const started: [string, object, Files, string | null, NodeContext?][] = [
  ["Astro for members of a workspace", dev("astro"), {}, null],
  [
    "a file that a page loads is for browsers",
    {},
    { "index.html": '<script type="module" src="/src/main.js"></script>', "src/main.js": "" },
    null,
  ],
  [
    "nor is main where a page loads it",
    { main: "js/show.js" },
    { "index.html": '<script src="js/show.js"></script>', "js/show.js": "" },
    null,
  ],
  [
    "another beside it is not",
    {},
    { "index.html": "<script src='./main.js'></script>", "main.js": "", "src/index.js": "" },
    "node src/index.js",
  ],
  ["a plain script", start("node server.js"), {}, "node server.js"],
  ["its port", start("node server.js"), { "server.js": SERVER }, "node server.js @8080"],
  [
    "variables before it",
    start("NODE_ENV=production node x.js"),
    {},
    "NODE_ENV=production node x.js",
  ],
  ["cross-env", { ...start("cross-env A=b node x.js"), ...dev("cross-env") }, {}, "A=b node x.js"],
  [
    "a program of a package",
    { ...start("next start -p 80"), ...uses("next") },
    {},
    "node_modules/.bin/next start -p 80 @3000",
  ],
  [
    "a script that calls another",
    scripts({ start: "npm run serve", serve: "node a.js" }),
    {},
    "node a.js",
  ],
  [
    "with arguments",
    scripts({ start: "npm run serve -- --x", serve: "node a.js" }),
    {},
    "node a.js --x",
  ],
  ["yarn's way to call", scripts({ start: "yarn serve", serve: "node a.js" }), {}, "node a.js"],
  [
    "a circle",
    scripts({ start: "npm run serve", serve: "npm start" }),
    {},
    'export PATH="$PWD/node_modules/.bin:$PATH"; npm run serve',
  ],
  ["npx", { ...start("npx tsx src/a.ts"), ...dev("tsx") }, {}, "node_modules/.bin/tsx src/a.ts"],
  [
    "a build before it",
    scripts({ start: "npm run build && node dist/a.js", build: "tsc" }),
    {},
    "node dist/a.js",
  ],
  ["an installation before it", start("npm install && node a.js"), {}, "node a.js"],
  [
    "a build as prestart",
    scripts({ prestart: "npm run build", start: "node a.js", build: "tsc" }),
    {},
    "node a.js",
  ],
  [
    "work as prestart",
    scripts({ prestart: "node migrate.js", start: "node a.js" }),
    {},
    'export PATH="$PWD/node_modules/.bin:$PATH"; node migrate.js && exec node a.js',
  ],
  [
    "work before it",
    { ...start("prisma migrate deploy && node a.js"), ...dev("prisma") },
    {},
    'export PATH="$PWD/node_modules/.bin:$PATH"; prisma migrate deploy && exec node a.js',
  ],
  [
    "what needs a shell",
    start("node a.js | tee log"),
    {},
    'export PATH="$PWD/node_modules/.bin:$PATH"; node a.js | tee log',
  ],
  ["nodemon", { ...start("nodemon app.js"), ...dev("nodemon") }, {}, "node app.js"],
  [
    "nodemon with a runner",
    { ...start("nodemon --watch src --exec ts-node src/a.ts"), ...dev("nodemon", "ts-node") },
    {},
    "node_modules/.bin/ts-node src/a.ts",
  ],
  ["node --watch", start("node --watch a.js"), {}, "node a.js"],
  [
    "pm2 in the background",
    { ...start("pm2 start a.js"), ...uses("pm2") },
    {},
    "node_modules/.bin/pm2-runtime start a.js",
  ],
  [
    "start:prod, where start is for development",
    {
      ...scripts({ start: "nest start", "start:prod": "node dist/main" }),
      ...uses("@nestjs/core"),
    },
    {},
    "node dist/main @3000",
  ],
  ["main", { main: "srv.js" }, { "srv.js": SERVER }, "node srv.js @8080"],
  ["main without its ending", { main: "lib/srv" }, { "lib/srv.js": "" }, "node lib/srv.js"],
  [
    "main that the build makes",
    { main: "dist/a.js", ...scripts({ build: "tsc" }) },
    {},
    "node dist/a.js",
  ],
  ["no main that is not there", { main: "index.js" }, {}, null],
  ["index.js", {}, { "index.js": "" }, "node index.js"],
  ["src/server.mjs", {}, { "src/server.mjs": "" }, "node src/server.mjs"],
  [
    "the generator of Express",
    {},
    { "bin/www": "", "app.js": "module.exports = app" },
    "node bin/www",
  ],
  ["TypeScript as it is", {}, { "index.ts": "" }, "node index.ts"],
  ["TypeScript by tsx", dev("tsx"), { "index.ts": "" }, "node_modules/.bin/tsx index.ts"],
  ["TypeScript by bun", {}, { "index.ts": "", "bunfig.toml": "" }, "bun index.ts", BUN],
  [
    "Plug'n'Play, and work before it",
    scripts({ start: "prisma migrate deploy && node a.js" }),
    {},
    'export NODE_OPTIONS="--require $PWD/.pnp.cjs"; yarn run prisma migrate deploy && exec node --require ./.pnp.cjs a.js',
    PNP,
  ],
  [
    "Plug'n'Play of yarn 2",
    start("node a.js"),
    { ".yarnrc.yml": "yarnPath: .yarn/releases/yarn-2.4.3.cjs\n" },
    "node --require ./.pnp.js a.js",
    PNP,
  ],
  [
    "a script that builds, by its name",
    scripts({ start: "npm run build && npm run server", build: "node b.js", server: "node a.js" }),
    {},
    "node a.js",
  ],
  [
    "a script for development, before a file that does not listen",
    { ...start("grunt dev"), ...dev("grunt"), main: "lib.js" },
    { "lib.js": "" },
    "node_modules/.bin/grunt dev",
  ],
  [
    "TypeScript that is compiled",
    { ...scripts({ build: "tsc -p ." }), ...dev("typescript") },
    { "src/index.ts": "", "tsconfig.json": '{"compilerOptions": {"outDir": "./dist"}} // x' },
    "node dist/index.js",
  ],
  [
    "a server for development, if there is nothing else",
    start("gulp serve"),
    {},
    "node_modules/.bin/gulp serve",
  ],
  ["nothing", {}, {}, null],
  ["Plug'n'Play", start("node a.js"), {}, "node --require ./.pnp.cjs a.js", PNP],
  [
    "Plug'n'Play, a framework",
    { ...uses("next"), ...scripts({ build: "next build" }) },
    {},
    "yarn run next start @3000",
    PNP,
  ],
];

describe("is started", () => {
  for (const [name, manifest, files, expected, context] of started) {
    test(name, () => {
      const { start: found, site } = output(manifest, files, context);
      const port = found?.port === undefined ? "" : ` @${found.port}`;
      expect([found === null ? null : found.line + port, site]).toEqual([expected, null]);
    });
  }
});

const build = (line: string) => scripts({ build: line });

const frameworks: [string, object, Files, string | null][] = [
  [
    "Next.js",
    { ...uses("next"), ...build("next build") },
    {},
    "node_modules/.bin/next start @3000",
  ],
  [
    "Next.js, standalone",
    { ...uses("next"), ...scripts({ build: "next build", start: "next start" }) },
    { "next.config.js": "module.exports = { output: 'standalone' }" },
    "node .next/standalone/server.js @3000",
  ],
  [
    "Next.js as development",
    { ...uses("next"), ...scripts({ build: "next build", start: "next dev" }) },
    {},
    "node_modules/.bin/next start @3000",
  ],
  [
    "Nuxt",
    { ...dev("nuxt"), ...build("nuxt build") },
    { "nuxt.config.ts": "" },
    "node .output/server/index.mjs @3000",
  ],
  [
    "Nuxt, one page with routes",
    { ...dev("nuxt"), ...build("nuxt build") },
    { "nuxt.config.ts": "export default defineNuxtConfig({ ssr: false })", "server/api/a.ts": "" },
    "node .output/server/index.mjs @3000",
  ],
  [
    "Nuxt 2",
    { dependencies: { nuxt: "^2.15.8" }, ...scripts({ build: "nuxt build", start: "nuxt start" }) },
    {},
    "node_modules/.bin/nuxt start @3000",
  ],
  [
    "React Router",
    { ...dev("@react-router/dev"), ...uses("@react-router/serve"), ...build("react-router build") },
    {},
    "node_modules/.bin/react-router-serve ./build/server/index.js @3000",
  ],
  [
    "Remix",
    { ...dev("@remix-run/dev"), ...uses("@remix-run/serve"), ...build("remix vite:build") },
    {},
    "node_modules/.bin/remix-serve ./build/server/index.js @3000",
  ],
  [
    "SvelteKit with adapter-node",
    dev("@sveltejs/kit", "@sveltejs/adapter-node"),
    {
      "svelte.config.js":
        "import adapter from '@sveltejs/adapter-node'; export default { kit: { adapter: adapter({ out: 'web' }) } }",
    },
    "node web @3000",
  ],
  [
    "Astro with its server",
    { ...uses("astro", "@astrojs/node"), ...build("astro build") },
    {
      "astro.config.mjs":
        "import node from '@astrojs/node'; export default defineConfig({ adapter: node({ mode: 'standalone' }) })",
    },
    "node ./dist/server/entry.mjs @4321",
  ],
  [
    "TanStack Start with Nitro",
    uses("@tanstack/react-start"),
    { "vite.config.ts": "import { nitro } from 'nitro/vite'" },
    "node .output/server/index.mjs @3000",
  ],
  [
    "TanStack Start",
    { ...uses("@tanstack/react-start"), ...build("vite build") },
    { "vite.config.ts": "import { tanstackStart } from '@tanstack/react-start/plugin/vite'" },
    "node_modules/.bin/srvx --prod -s ../client dist/server/server.js @3000",
  ],
  ["SolidStart", uses("@solidjs/start", "vinxi"), {}, "node .output/server/index.mjs @3000"],
  [
    "NestJS",
    { ...uses("@nestjs/core"), ...scripts({ build: "nest build", start: "nest start" }) },
    {},
    "node dist/main @3000",
  ],
  [
    "NestJS with several apps",
    uses("@nestjs/core"),
    { "nest-cli.json": '{"monorepo": true, "root": "apps/api"}' },
    "node dist/apps/api/main @3000",
  ],
  [
    "AdonisJS",
    {
      ...uses("@adonisjs/core"),
      ...scripts({ start: "node bin/server.js", build: "node ace build" }),
    },
    { "bin/server.ts": "" },
    "node build/bin/server.js @3333",
  ],
  [
    "Strapi",
    { ...uses("@strapi/strapi"), ...scripts({ start: "strapi start", develop: "strapi develop" }) },
    {},
    "node_modules/.bin/strapi start @1337",
  ],
  [
    "Angular with a server",
    uses("@angular/core"),
    {
      "angular.json": JSON.stringify({
        projects: {
          web: {
            projectType: "application",
            architect: {
              build: {
                builder: "@angular/build:application",
                options: {
                  outputPath: "dist/web",
                  browser: "src/main.ts",
                  server: "src/main.server.ts",
                  outputMode: "server",
                  ssr: { entry: "src/server.ts" },
                },
              },
            },
          },
        },
      }),
    },
    "node dist/web/server/server.mjs @4000",
  ],
  [
    "a server beside Vite",
    { ...uses("express"), ...dev("vite"), main: "server.js", ...build("vite build") },
    { "index.html": "", "server.js": SERVER },
    "node server.js @8080",
  ],
  [
    "a project of Nx",
    start("nx serve"),
    {
      "project.json": JSON.stringify({
        name: "api",
        targets: {
          build: {
            executor: "@nx/esbuild:esbuild",
            options: { outputPath: "dist/api", main: "src/main.ts" },
          },
        },
      }),
      "src/main.ts": "app.listen(process.env.PORT ?? 3333)",
    },
    "node dist/api/main.js @3333",
  ],
  ["SvelteKit for elsewhere", dev("@sveltejs/kit", "@sveltejs/adapter-vercel"), {}, null],
];

describe("of a framework is started", () => {
  test.each(frameworks)("%s", (_, manifest, files, expected) => {
    const { start: found, site } = output(manifest, files);
    const port = found?.port === undefined ? "" : ` @${found.port}`;
    expect([found === null ? null : found.line + port, site]).toEqual([expected, null]);
  });
});

const HTML = { "index.html": "" };
const ANGULAR = (options: object, builder = "@angular-devkit/build-angular:application") => ({
  "angular.json": JSON.stringify({
    projects: { shop: { projectType: "application", architect: { build: { builder, options } } } },
  }),
});

const sites: [string, object, Files, string, "index" | "not found"][] = [
  [
    "Vite",
    { ...dev("vite"), ...scripts({ build: "vite build", start: "vite" }) },
    HTML,
    "dist",
    "index",
  ],
  [
    "Vite with a folder of its own",
    { ...dev("vite"), ...build("vite build") },
    { ...HTML, "vite.config.ts": "export default { build: { outDir: 'web' } }" },
    "web",
    "index",
  ],
  [
    "Vite, the folder in the script",
    { ...dev("vite"), ...build("tsc && vite build --outDir=web") },
    HTML,
    "web",
    "index",
  ],
  [
    "Vite with a root",
    { ...dev("vite"), ...build("vite build") },
    {
      "ui/index.html": "",
      "vite.config.js": "export default { root: 'ui', build: { outDir: '../out' } }",
    },
    "out",
    "index",
  ],
  [
    "Vite with several pages",
    { ...dev("vite"), ...build("vite build") },
    { ...HTML, "about.html": "" },
    "dist",
    "not found",
  ],
  [
    "Vite, in several scripts",
    {
      ...dev("vite"),
      ...scripts({ build: "run-s build:*", "build:web": "vite build --outDir web" }),
    },
    HTML,
    "web",
    "index",
  ],
  [
    "Vite, previewed",
    { ...dev("vite"), ...scripts({ build: "vite build", start: "vite preview --port 80" }) },
    HTML,
    "dist",
    "index",
  ],
  [
    "Create React App",
    {
      ...uses("react-scripts"),
      ...scripts({ start: "react-scripts start", build: "BUILD_PATH=./web react-scripts build" }),
    },
    {},
    "web",
    "index",
  ],
  [
    "Vue CLI",
    {
      ...dev("@vue/cli-service"),
      ...scripts({ serve: "vue-cli-service serve", build: "vue-cli-service build" }),
    },
    { "vue.config.js": "module.exports = { outputDir: 'web' }" },
    "web",
    "index",
  ],
  [
    "Angular",
    uses("@angular/core"),
    ANGULAR({ outputPath: "dist/shop" }),
    "dist/shop/browser",
    "index",
  ],
  ["Angular, by default", uses("@angular/core"), ANGULAR({}), "dist/shop/browser", "index"],
  [
    "Angular, each its own",
    uses("@angular/core"),
    ANGULAR({ outputPath: { base: "web", browser: "" } }),
    "web",
    "index",
  ],
  [
    "Angular of before",
    uses("@angular/core"),
    ANGULAR({ outputPath: "dist" }, "@angular-devkit/build-angular:browser"),
    "dist",
    "index",
  ],
  [
    "Astro",
    { ...uses("astro"), ...scripts({ build: "astro build", start: "astro dev" }) },
    { "src/pages/index.astro": "" },
    "dist",
    "not found",
  ],
  [
    "Next.js, exported",
    { ...uses("next"), ...scripts({ build: "next build", start: "next start" }) },
    { "next.config.mjs": "export default { output: 'export' }" },
    "out",
    "not found",
  ],
  [
    "Next.js, exported by a command",
    { ...uses("next"), ...build("next build && next export") },
    {},
    "out",
    "not found",
  ],
  [
    "Nuxt, generated",
    { ...dev("nuxt"), ...build("nuxt generate") },
    {},
    ".output/public",
    "not found",
  ],
  [
    "Nuxt, one page",
    { ...dev("nuxt"), ...build("nuxt build") },
    { "nuxt.config.ts": "export default defineNuxtConfig({ ssr: false })" },
    ".output/public",
    "index",
  ],
  [
    "SvelteKit, static",
    dev("@sveltejs/kit", "@sveltejs/adapter-static"),
    {
      "svelte.config.js":
        "import a from '@sveltejs/adapter-static'; export default { kit: { adapter: a({ pages: 'web', fallback: '200.html' }) } }",
    },
    "web",
    "index",
  ],
  [
    "SvelteKit, prerendered",
    dev("@sveltejs/kit", "@sveltejs/adapter-static"),
    {},
    "build",
    "not found",
  ],
  [
    "React Router, one page",
    {
      ...dev("@react-router/dev"),
      ...scripts({
        build: "react-router build",
        start: "react-router-serve ./build/server/index.js",
      }),
    },
    { "react-router.config.ts": "export default { ssr: false } satisfies Config" },
    "build/client",
    "index",
  ],
  [
    "TanStack Start, one page",
    uses("@tanstack/react-start"),
    {
      "vite.config.ts":
        "export default defineConfig({ plugins: [tanstackStart({ spa: { enabled: true } })] })",
    },
    "dist/client",
    "index",
  ],
  [
    "Expo",
    {
      ...uses("expo", "react-native-web"),
      ...scripts({ start: "expo start", build: "expo export --platform web" }),
      main: "expo-router/entry",
    },
    { "app.json": '{"expo": {"web": {"output": "single"}}}' },
    "dist",
    "index",
  ],
  [
    "Gatsby",
    { ...uses("gatsby"), ...scripts({ build: "gatsby build", start: "gatsby develop" }) },
    {},
    "public",
    "not found",
  ],
  [
    "VitePress at the top",
    { ...uses("vitepress"), ...build("vitepress build") },
    { ".vitepress/config.ts": "" },
    ".vitepress/dist",
    "not found",
  ],
  [
    "Nuxt 2 that is generated",
    { ...uses("nuxt"), dependencies: { nuxt: "^2.18.1" }, ...build("nuxt build") },
    { "nuxt.config.js": "module.exports = { ssr: false, target: 'static' }" },
    "dist",
    "index",
  ],
  [
    "VitePress",
    { ...dev("vitepress"), ...build("vitepress build docs") },
    {},
    "docs/.vitepress/dist",
    "not found",
  ],
  [
    "Docusaurus",
    {
      ...uses("@docusaurus/core"),
      ...scripts({ build: "docusaurus build", start: "docusaurus start" }),
    },
    {},
    "build",
    "not found",
  ],
  [
    "Eleventy",
    { ...dev("@11ty/eleventy"), ...build("npx @11ty/eleventy") },
    { "eleventy.config.js": "module.exports = () => ({ dir: { output: 'web' } })" },
    "web",
    "not found",
  ],
  [
    "Hexo",
    { ...uses("hexo"), ...scripts({ build: "hexo generate", server: "hexo server" }) },
    {},
    "public",
    "not found",
  ],
  [
    "Storybook",
    { ...dev("storybook", "vite"), ...build("storybook build") },
    {},
    "storybook-static",
    "not found",
  ],
  [
    "Parcel",
    {
      ...dev("parcel"),
      ...scripts({ build: "parcel build src/index.html", start: "parcel src/index.html" }),
    },
    {},
    "dist",
    "index",
  ],
  [
    "a folder that serve serves",
    { ...uses("serve"), ...scripts({ build: "node make.js", start: "serve -s out -l 80" }) },
    {},
    "out",
    "index",
  ],
  [
    "a folder that is there",
    { ...uses("http-server"), ...start("http-server ./public") },
    { "public/index.html": "" },
    "public",
    "not found",
  ],
];

describe("is served", () => {
  test.each(sites)("%s", (_, manifest, files, folder, fallback) => {
    const { start: found, site } = output(manifest, files);
    expect([found, site?.folder, site?.fallback]).toEqual([null, folder, fallback]);
  });
});

const noSites: [string, object, Files][] = [
  [
    "a library of Vite's",
    { ...dev("vite"), ...build("vite build") },
    { ...HTML, "vite.config.ts": "export default { build: { lib: { entry: 'a' } } }" },
  ],
  [
    "the front end of another server",
    { ...dev("vite", "laravel-vite-plugin"), ...build("vite build") },
    { ...HTML, "vite.config.js": "import laravel from 'laravel-vite-plugin'" },
  ],
  ["parts without a page", { ...dev("vite"), ...build("vite build") }, {}],
  [
    "a folder outside",
    { ...dev("vite"), ...build("vite build") },
    { ...HTML, "vite.config.ts": "export default { build: { outDir: '../../etc' } }" },
  ],
  ["an app for phones", { ...uses("expo"), ...start("expo start") }, {}],
];
test.each(noSites)("%s is no site", (_, manifest, files) => {
  expect(output(manifest, files).site).toBeNull();
});

describe("beside what is started", () => {
  test("its environment is for production, and for a container", () => {
    const astro = output(uses("astro"), { "astro.config.ts": "import n from '@astrojs/node'" });
    expect([astro.env, output({}, HTML).env]).toEqual([
      { NODE_ENV: "production", HOST: "0.0.0.0" },
      { NODE_ENV: "production" },
    ]);
  });

  test("a script of the package's finds its name and version, as with npm start", () => {
    const app = { name: "@me/a", version: "1.2.3", ...start("node x.js") };
    expect(output(app).env).toEqual({
      ...{ NODE_ENV: "production", npm_package_name: "@me/a", npm_package_version: "1.2.3" },
    });
    const yarn = output(app, {}, { ...PNP, manager: { ...PNP.manager, pnp: false } });
    expect(yarn.env).toMatchObject({ npm_config_user_agent: "yarn/4.9.2" });
    const ranged = output(app, {}, { ...NPM, manager: { ...NPM.manager, version: "^10.33" } });
    expect(ranged.env).toMatchObject({ npm_config_user_agent: "npm/10.33.0" });
    expect(output({ ...app, name: "a b", version: "1\n" }).env).toEqual({ NODE_ENV: "production" });
  });

  test("programs for development are named that it needs", () => {
    const { needsDev } = output({ ...start("tsx src/a.ts"), ...dev("tsx", "vitest") });
    expect(needsDev).toEqual(["tsx"]);
    const loader = output({ ...start("node -r ts-node/register a.ts"), ...dev("ts-node") });
    expect(loader.needsDev).toEqual(["ts-node"]);
  });

  test("what builds it is told where no script does", () => {
    const vite = output(dev("vite"), HTML);
    expect(vite.build).toEqual({ line: "vite build", from: { what: "package.json" } });
    const compiled = output({ ...start("tsc && node dist/a.js"), ...dev("typescript") });
    expect(compiled.build?.line).toBe("tsc");
    expect(output({ ...dev("vite"), ...build("vite build") }, HTML).build).toBeNull();
  });

  test("a server with all that it needs is told", () => {
    const { selfContained, afterBuild } = output(
      { ...uses("next"), ...build("next build") },
      { "next.config.js": "module.exports = { output: 'standalone' }", "public/a.png": "" },
    );
    expect(selfContained).toBe(true);
    expect(afterBuild).toEqual([
      "mkdir -p .next/standalone/.next && cp -R .next/static .next/standalone/.next/",
      "cp -R public .next/standalone/",
      "rm -rf .next/cache",
    ]);
  });

  test("Nuxt 2 makes files only when it is asked to", () => {
    const config = { "nuxt.config.js": "export default { target: 'static' }" };
    const nuxt = { dependencies: { nuxt: "^2.15.8" } };
    expect(output({ ...nuxt, ...build("nuxt build") }, config).afterBuild).toEqual([
      "nuxt generate",
    ]);
    expect(output({ ...nuxt, ...build("nuxt generate") }, config).afterBuild).toEqual([]);
    expect(output(nuxt, config).afterBuild).toEqual([]);
    expect(output(nuxt, config).build?.line).toBe("nuxt generate");
  });

  test("TypeScript without a runner needs a Node that can", () => {
    expect(output({}, { "index.ts": "" }).nodeRange).toEqual({
      ...{ range: ">=22.18.0", from: { what: "index.ts" } },
    });
  });

  test("bun is its runtime where it is what starts it", () => {
    expect(output(start("bun run index.ts")).runtime).toBe("bun");
    expect(output(start("node index.js"), {}, BUN).runtime).toBe("nodejs");
  });

  test("what was looked for in vain is told", () => {
    expect(output({}).lookedFor).toEqual([
      ...["scripts.start of package.json", "main of package.json"],
      "index.js, index.mjs, index.cjs and others of that kind",
    ]);
  });

  test("its script has a line", () => {
    const text = '{\n  "scripts": {\n    "start": "node a.js"\n  }\n}\n';
    const tree = memoryTree({ "package.json": text });
    expect(outputOf(appPackage(tree, null), NPM).start?.from).toEqual({
      what: "package.json",
      line: 3,
    });
  });
});

describe("of a workspace", () => {
  const files = {
    "package.json": JSON.stringify({
      workspaces: ["apps/*"],
      scripts: { start: "npm start -w web" },
    }),
    "apps/web/package.json": JSON.stringify({
      name: "web",
      scripts: { start: "next start" },
      dependencies: { next: "15" },
    }),
  };
  const line =
    'PATH="$PWD/node_modules/.bin:$PWD/../node_modules/.bin:$PWD/../../node_modules/.bin:$PATH" next start';
  const from = { what: "package.json", line: 1 };

  test("a member is started where it lies", () => {
    const { start: found } = outputOf(appPackage(memoryTree(files), null), NPM);
    expect(found).toEqual({ line, from, dir: "apps/web", port: 3000 });
  });

  test("a chosen member is the app", () => {
    const context = { ...NPM, member: "apps/web" };
    const { start: found } = outputOf(appPackage(memoryTree(files), "apps/web"), context);
    expect(found).toEqual({
      line,
      from: { what: "apps/web/package.json", line: 1 },
      dir: "apps/web",
      port: 3000,
    });
  });

  test("a folder of another is started there, too", () => {
    const tree = memoryTree({
      "package.json": JSON.stringify(start("cd server && npm start")),
      "server/package.json": JSON.stringify(start("node .")),
    });
    expect(outputOf(appPackage(tree, null), NPM).start).toEqual({
      line: "node .",
      from,
      dir: "server",
    });
  });
});

describe("a line that calls a script", () => {
  const tree = memoryTree({
    "package.json": JSON.stringify(scripts({ start: "node a.js", both: "node a.js; node b.js" })),
  });
  const lines: [string, string | undefined][] = [
    ["npm start", "node a.js"],
    ["npm run start", "node a.js"],
    ["yarn start", "node a.js"],
    ["pnpm run start", "node a.js"],
    ["bun run start", "node a.js"],
    ["npm run both", undefined],
    ["npm run absent", undefined],
    ["node a.js", undefined],
  ];
  test.each(lines)("%s", (line, expected) => {
    expect(plainCommandOf(appPackage(tree, null), NPM, line)?.line).toBe(expected!);
  });
});
