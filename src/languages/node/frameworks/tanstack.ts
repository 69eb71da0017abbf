/** TanStack Start: a server of Nitro's, a server without a listener of its own, or one page. */
import { parse } from "jsonc-parser";
import type { AppPackage } from "../app/app-package.ts";
import { type Framework, origin, readConfig } from "./framework.ts";

const PACKAGES = ["@tanstack/react-start", "@tanstack/solid-start", "@tanstack/vue-start"];

/** Source: tanstack.com/start, "Hosting" and "SPA mode". */
export const tanstackStart: Framework = {
  name: "TanStack Start",
  read(app) {
    const name = PACKAGES.find((one) => app.dependencies.has(one));
    if (name === undefined) return null;
    const { file, config } = readConfig(app, "vite.config");
    const old = readConfig(app, "app.config");
    const common = {
      from: origin(app, file ?? old.file),
      build: "vite build",
      notStart: /^(vite|vinxi)(\s|$)/,
    };
    if (config.value("plugins", "spa", "enabled") === true) {
      const page = "dist/client/index.html";
      return {
        ...common,
        site: { folder: "dist/client", fallback: "index" },
        afterBuild: [`test -e ${page} || cp dist/client/_shell.html ${page}`],
      };
    }
    const usesNitro = [...config.imports].some((one) => /(^|\/)nitro(\/|-|$)/.test(one));
    if (usesNitro || old.file !== undefined || builtByNitro(app, name)) {
      const server = { line: "node .output/server/index.mjs", port: 3000 };
      return { ...common, server, selfContained: true };
    }
    // What is built handles requests; srvx, on which TanStack Start depends, listens for them.
    const program = app.root.has("pnpm-lock.yaml") ? PRIVATE : "srvx";
    const line = `${program} --prod -s ../client dist/server/server.js`;
    return { ...common, server: { line, port: 3000 } };
  },
};

// --- internal ---

/** Where pnpm has what is depended on by others only. */
const PRIVATE = "node node_modules/.pnpm/node_modules/srvx/bin/srvx.mjs";

/** Up to 1.131 its plugin brought Nitro along. */
function builtByNitro(app: AppPackage, name: string): boolean {
  const minor = Number(/^1\.(\d+)\./.exec(lockedVersion(app, name) ?? "")?.[1] ?? Number.NaN);
  return minor < 132;
}

/** As a lock file has it: of npm's or bun's, or of the others by their spelling. */
function lockedVersion({ root }: AppPackage, name: string): string | undefined {
  const ofNpm = root.text("package-lock.json");
  if (ofNpm !== undefined) {
    const found = (parse(ofNpm) as { packages?: Record<string, { version?: unknown }> } | undefined)
      ?.packages;
    const version = found?.[`node_modules/${name}`]?.version;
    return typeof version === "string" ? version : undefined;
  }
  for (const file of ["bun.lock", "pnpm-lock.yaml", "yarn.lock"]) {
    const text = root.text(file) ?? "";
    const at = text.search(new RegExp(`["'/ ]${name}["'@:]`));
    if (at === -1) continue;
    const near = text.slice(at, at + 400);
    const found = new RegExp(
      `${name}@(?:npm:)?(\\d+\\.\\d+\\.\\d+)|version:?\\s+["']?(\\d+\\.\\d+\\.\\d+)`,
    ).exec(near);
    if (found) return found[1] ?? found[2];
  }
  return undefined;
}
