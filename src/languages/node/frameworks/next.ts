/** Next.js: a server, a server with all that it needs ("standalone"), or a static site ("export"). */
import { buildScript, type Framework, origin, pathOr, readConfig } from "./framework.ts";

/** Source: nextjs.org/docs, "output", "distDir", "Static Exports". */
export const next: Framework = {
  name: "Next.js",
  read(app) {
    if (!app.dependencies.has("next") || !isOwn(app.manifest, app.tree.has.bind(app.tree)))
      return null;
    const { file, config } = readConfig(app, "next.config");
    const output = config.value("output");
    const quiet = { NEXT_TELEMETRY_DISABLED: "1" };
    const common = { from: origin(app, file), env: quiet, buildEnv: quiet, build: "next build" };
    if (output === "export" || /\bnext export\b/.test(buildScript(app))) {
      const folder = output === "export" ? pathOr(config.value("distDir"), "out") : "out";
      return { ...common, site: { folder, fallback: "not found" }, notStart: /^next\b/ };
    }
    const dist = pathOr(config.value("distDir"), ".next");
    if (output === "standalone" && app.dir === "")
      return { ...common, ...standalone(app.tree, dist) };
    return {
      ...common,
      server: { line: "next start", port: 3000 },
      // Of no use to a running app, and larger than all the rest.
      afterBuild: [`rm -rf ${dist}/cache`],
      notStart: /^next(\s+dev)?(\s|$)(?!start)/,
    };
  },
};

// --- internal ---

/** A library for Next.js depends on it as well, but has no pages. */
function isOwn(
  { scripts }: { scripts: Readonly<Record<string, string>> },
  has: (path: string) => boolean,
) {
  const named = Object.values(scripts).some((line) => /\bnext (build|start|dev)\b/.test(line));
  const places = [
    "app",
    "pages",
    "src/app",
    "src/pages",
    "next.config.js",
    "next.config.mjs",
    "next.config.ts",
  ];
  return named || places.some(has);
}

/** Its server expects the files of the browser beside it; the build leaves them to a CDN. */
function standalone({ has }: { has(path: string): boolean }, dist: string) {
  const folder = `${dist}/standalone`;
  const copies = [
    `mkdir -p ${folder}/${dist} && cp -R ${dist}/static ${folder}/${dist}/`,
    ...(has("public") ? [`cp -R public ${folder}/`] : []),
    `rm -rf ${dist}/cache`,
  ];
  return {
    server: { line: `node ${folder}/server.js`, port: 3000 },
    // By default it listens on the name of the container alone.
    env: { NEXT_TELEMETRY_DISABLED: "1", HOSTNAME: "0.0.0.0" },
    notStart: /^next(\s|$)/,
    afterBuild: copies,
    selfContained: true,
  };
}
