/** Nitro, the server of Nuxt, SolidStart, Analog and others: one folder with all that it needs. */
import type { AppPackage } from "../app/app-package.ts";
import type { ConfigText } from "../app/config-text.ts";
import {
  buildScript,
  type Framework,
  type FrameworkOutput,
  origin,
  readConfig,
} from "./framework.ts";

/** Source: nuxt.com/docs, "Deployment", and nitro.build/deploy/runtimes/node. */
export const nuxt: Framework = {
  name: "Nuxt",
  read(app) {
    if (!["nuxt", "nuxt3", "nuxt-nightly"].some((name) => app.dependencies.has(name))) return null;
    const { file, config } = readConfig(app, "nuxt.config");
    const line = buildScript(app);
    const common = { from: origin(app, file), buildEnv: QUIET, notStart: /^(nuxt|nuxi)(\s|$)/ };
    if (isVersion2(app)) return version2(app, config, common);
    const { scripts } = app.manifest;
    const generates =
      line === "" && scripts.generate !== undefined && config.value("ssr") === false;
    const isWhole = /\b(nuxt|nuxi)\s+generate\b|--prerender\b/.test(line) || generates;
    const isOnePage = config.value("ssr") === false;
    const fallback = isOnePage ? "index" : "not found";
    if (isWhole || config.value("nitro", "preset") === "static") {
      return { ...common, build: "nuxt generate", site: { folder: PUBLIC, fallback } };
    }
    // Without routes on the server there is nothing that a server would do.
    if (isOnePage && !app.tree.has("server") && !config.has("nitro", "preset")) {
      const buildEnv = { ...QUIET, NITRO_PRESET: "static" };
      return { ...common, build: "nuxt build", buildEnv, site: { folder: PUBLIC, fallback } };
    }
    return { ...common, build: "nuxt build", ...SERVER };
  },
};

/** Frameworks whose build is Nitro's: with their configuration, and what says that they are there. */
export const nitro: Framework = {
  name: "Nitro",
  read(app) {
    const found = NITRO.find(([name]) => app.dependencies.has(name));
    if (found === undefined) return null;
    const [, file, folder, build] = found;
    const { file: config } = readConfig(app, file);
    const line = `node ${folder}/server/index.mjs`;
    return {
      ...{ from: origin(app, config), build, selfContained: true, server: { line, port: 3000 } },
      notStart: /^(nitro|vinxi|solid-start|vite)(\s|$)/,
    };
  },
};

// --- internal ---

const QUIET = { NUXT_TELEMETRY_DISABLED: "1" };
const PUBLIC = ".output/public";
const SERVER = {
  server: { line: "node .output/server/index.mjs", port: 3000 },
  selfContained: true,
};

/** A package, the configuration it has, the folder it builds, and what builds it. */
const NITRO: readonly (readonly [string, string, string, string])[] = [
  ["@solidjs/start", "app.config", ".output", "vinxi build"],
  ["vinxi", "app.config", ".output", "vinxi build"],
  ["@analogjs/platform", "vite.config", "dist/analog", "vite build"],
  ["nitropack", "nitro.config", ".output", "nitropack build"],
  ["nitro", "nitro.config", ".output", "nitro build"],
];

function isVersion2({ manifest }: AppPackage): boolean {
  const range = manifest.dependencies.nuxt ?? manifest.devDependencies.nuxt ?? "";
  return /^[\^~>=v\s]*2(\.|$)/.test(range);
}

function version2(
  app: AppPackage,
  config: ConfigText,
  common: Pick<FrameworkOutput, "from">,
): FrameworkOutput {
  const line = buildScript(app);
  const generates = /\bnuxt generate\b/.test(line);
  const isStatic = config.value("target") === "static" || generates;
  const fallback = config.value("ssr") === false ? "index" : "not found";
  if (isStatic) {
    const site = { folder: "dist", fallback } as const;
    // Its command "build" makes what "generate" takes, and no files to serve.
    const afterBuild = line === "" || generates ? [] : ["nuxt generate"];
    return { ...common, build: "nuxt generate", afterBuild, site, notStart: /^nuxt(\s|$)/ };
  }
  const env = { HOST: "0.0.0.0" };
  return {
    ...common,
    build: "nuxt build",
    env,
    server: { line: "nuxt start", port: 3000 },
    notStart: /^nuxt(\s+dev)?$/,
  };
}
