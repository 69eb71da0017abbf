/** Astro: a static site, unless an adapter makes a server of it. */
import { type Framework, origin, pathOr, readConfig } from "./framework.ts";

/** Source: docs.astro.build, "On-demand rendering" and "@astrojs/node". */
export const astro: Framework = {
  name: "Astro",
  read(app) {
    if (!app.dependencies.has("astro")) return null;
    const { file, config } = readConfig(app, "astro.config", ["mjs", "ts", "js", "cjs", "mts"]);
    // At the top of a workspace it may be there for its members only.
    if (file === undefined && !app.tree.has("src/pages")) return null;
    const folder = pathOr(config.value("outDir"), "dist");
    const buildEnv = { ASTRO_TELEMETRY_DISABLED: "1" };
    const common = {
      from: origin(app, file),
      build: "astro build",
      buildEnv,
      notStart: /^astro(\s|$)/,
    };
    const adapter = [...config.imports].find((name) => ADAPTERS.test(name));
    if (adapter === undefined) return { ...common, site: { folder, fallback: "not found" } };
    if (adapter !== "@astrojs/node") {
      return {
        ...common,
        warnings: [`Astro: ${adapter} builds no server of Node; @astrojs/node does`],
      };
    }
    // Without it the server is part of another, which the app has to bring.
    if (config.value("adapter", "mode") === "middleware") return common;
    const server = { line: `node ./${folder}/server/entry.mjs`, port: 4321 };
    return { ...common, env: { HOST: "0.0.0.0" }, server };
  },
};

// --- internal ---

const ADAPTERS =
  /^@astrojs\/(node|vercel|netlify|cloudflare|deno)\b|^@deno\/astro-adapter|^astro-.*adapter/;
