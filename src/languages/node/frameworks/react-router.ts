/** React Router as a framework, and Remix, from which it came: a server, or one page. */
import { posix } from "node:path";
import type { AppPackage } from "../app/app-package.ts";
import {
  buildScript,
  type Framework,
  type FrameworkOutput,
  origin,
  pathOr,
  readConfig,
} from "./framework.ts";

/** Source: reactrouter.com/how-to/spa, and its configuration in react-router.config.ts. */
export const reactRouter: Framework = {
  name: "React Router",
  read(app) {
    if (!app.dependencies.has("@react-router/dev")) return null;
    const { file, config } = readConfig(app, "react-router.config");
    const build = pathOr(config.value("buildDirectory"), "build");
    const common = { from: origin(app, file), build: "react-router build" };
    if (config.value("ssr") === false)
      return { ...common, ...onePage(build, /^react-router(-serve)?\b/) };
    const module = pathOr(config.value("serverBuildFile"), "index.js");
    return { ...common, ...served(app, "react-router-serve", posix.join(build, "server", module)) };
  },
};

/** Source: remix.run/docs, "remix.config.js" and "Vite". */
export const remix: Framework = {
  name: "Remix",
  read(app) {
    if (!app.dependencies.has("@remix-run/dev")) return null;
    const vite = readConfig(app, "vite.config");
    const isVite = vite.config.imports.has("@remix-run/dev") || /vite:build/.test(buildScript(app));
    const common = {
      from: origin(app, vite.file),
      build: isVite ? "remix vite:build" : "remix build",
    };
    if (isVite && vite.config.value("plugins", "ssr") === false)
      return { ...common, ...onePage("build", /^remix(-serve)?\b/) };
    const module = isVite ? "build/server/index.js" : "build/index.js";
    return { ...common, ...served(app, "remix-serve", module) };
  },
};

// --- internal ---

function onePage(build: string, notStart: RegExp): Omit<FrameworkOutput, "from"> {
  return { site: { folder: posix.join(build, "client"), fallback: "index" }, notStart };
}

/** Its own server only where it is installed: many apps have one of theirs. */
function served(app: AppPackage, program: string, module: string): Omit<FrameworkOutput, "from"> {
  const owner = program === "remix-serve" ? "@remix-run/serve" : "@react-router/serve";
  const notStart = /^(react-router|remix)\s+(vite:)?dev\b/;
  if (!app.dependencies.has(owner)) return { notStart };
  return { server: { line: `${program} ./${module}`, port: 3000 }, notStart };
}
