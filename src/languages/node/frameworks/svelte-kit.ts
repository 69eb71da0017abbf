/** SvelteKit: its adapter decides what the build makes. */
import { type Framework, type FrameworkOutput, origin, pathOr, readConfig } from "./framework.ts";

/** Source: svelte.dev/docs/kit/adapters. */
export const svelteKit: Framework = {
  name: "SvelteKit",
  read(app) {
    if (!app.dependencies.has("@sveltejs/kit")) return null;
    const { file, config } = readConfig(app, "svelte.config", ["js", "ts", "mjs"]);
    const adapters = [...config.imports, ...app.dependencies].filter((name) =>
      /^(@sveltejs\/adapter-|svelte-adapter-)/.test(name),
    );
    const common = { from: origin(app, file), build: "vite build", notStart: NOT_START };
    const [adapter] = adapters;
    if (adapter === "@sveltejs/adapter-static") {
      const fallback = config.value("kit", "adapter", "fallback");
      return {
        ...common,
        ...site(pathOr(config.value("kit", "adapter", "pages"), "build"), fallback),
      };
    }
    const folder = pathOr(config.value("kit", "adapter", "out"), "build");
    const server = { line: `node ${folder}`, port: 3000 };
    if (adapter === "@sveltejs/adapter-node") return { ...common, server };
    if (adapter === "@sveltejs/adapter-auto") {
      // The only one of the environments it knows that is a plain server of Node.
      return { ...common, server, buildEnv: { GCP_BUILDPACKS: "1" }, warnings: [AUTO] };
    }
    return {
      ...common,
      warnings: [`SvelteKit: ${adapter ?? "no adapter"} builds no server of Node; ${USE}`],
    };
  },
};

// --- internal ---

const NOT_START = /^(vite|svelte-kit)(\s|$)/;

const USE = "@sveltejs/adapter-node does, and @sveltejs/adapter-static a static site";

const AUTO =
  "SvelteKit: @sveltejs/adapter-auto fetches @sveltejs/adapter-node during the build, in a version that no lock file names; write that adapter into svelte.config.js and package.json";

function site(
  folder: string,
  fallback: string | boolean | null | undefined,
): Pick<FrameworkOutput, "site" | "afterBuild"> {
  const isOnePage = fallback !== undefined && fallback !== false;
  const page = typeof fallback === "string" && /^[\w.-]+$/.test(fallback) ? fallback : "index.html";
  return {
    site: { folder, fallback: isOnePage ? "index" : "not found" },
    ...(isOnePage && page !== "index.html"
      ? {
          afterBuild: [`test -e ${folder}/index.html || cp ${folder}/${page} ${folder}/index.html`],
        }
      : {}),
  };
}
