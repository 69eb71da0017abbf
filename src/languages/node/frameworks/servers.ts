/** Frameworks of servers, whose start command follows from their conventions. */
import { parse } from "jsonc-parser";
import type { AppPackage } from "../app/app-package.ts";
import { type Framework, type FrameworkOutput, origin, pathOr } from "./framework.ts";

/** Source: docs.nestjs.com/cli/monorepo, nest-cli.json. */
export const nest: Framework = {
  name: "NestJS",
  read(app) {
    if (!app.dependencies.has("@nestjs/core")) return null;
    const { isMonorepo, root, entryFile } = nestSettings(app);
    const place = isMonorepo && root !== "" ? `dist/${root}/${entryFile}` : `dist/${entryFile}`;
    const server = { line: `node ${place}`, port: 3000 };
    return {
      from: origin(app, "nest-cli.json"),
      build: "nest build",
      server,
      notStart: /^nest\s+start/,
    };
  },
};

/** Source: docs.adonisjs.com/guides/getting-started/deployment. */
export const adonis: Framework = {
  name: "AdonisJS",
  read(app) {
    if (!app.dependencies.has("@adonisjs/core")) return null;
    const entry = app.tree.has("bin/server.ts") ? "bin/server.js" : "server.js";
    return {
      ...{ from: origin(app, undefined), build: "node ace build", env: { HOST: "0.0.0.0" } },
      server: { line: `node build/${entry}`, port: 3333 },
      // Theirs is for the folder that the build makes.
      notStart: new RegExp(`^node (ace\\s+serve|(\\./)?${entry.replace(".", "\\.")}$)`),
    };
  },
};

/** Those that are started by a program of their own: a package, its build, start, port, and what else it needs. */
export const startedByProgram: readonly Framework[] = [
  started("Strapi", "@strapi/strapi", {
    build: "strapi build",
    line: "strapi start",
    port: 1337,
    notStart: /^strapi\s+dev/,
  }),
  started("Medusa", "@medusajs/medusa", {
    build: "medusa build",
    line: "medusa start",
    port: 9000,
    notStart: /^medusa\s+dev/,
  }),
  started("Keystone", "@keystone-6/core", {
    build: "keystone build",
    line: "keystone start",
    port: 3000,
    notStart: /^keystone\s+dev/,
  }),
  started("Blitz", "blitz", {
    build: "blitz build",
    line: "blitz start",
    port: 3000,
    notStart: /^blitz\s+dev/,
  }),
  started("Waku", "waku", {
    build: "waku build",
    line: "waku start",
    port: 8080,
    notStart: /^waku\s+dev/,
  }),
  started("Redwood", "@redwoodjs/core", {
    build: "rw build",
    line: "rw serve",
    port: 8910,
    notStart: /^rw\s+dev/,
  }),
  started("Fastify", "fastify-cli", {
    line: null,
    env: { FASTIFY_ADDRESS: "0.0.0.0" },
    notStart: /^fastify\s+start\b.*\s(-w|--watch)\b/,
  }),
];

// --- internal ---

interface Started extends Omit<FrameworkOutput, "from" | "server"> {
  line: string | null;
  port?: number;
}

function started(name: string, dependency: string, { line, port, ...output }: Started): Framework {
  return {
    name,
    read(app) {
      if (!app.dependencies.has(dependency)) return null;
      const server =
        line === null ? {} : { server: { line, ...(port === undefined ? {} : { port }) } };
      return { from: origin(app, undefined), ...output, ...server };
    },
  };
}

function nestSettings({ tree }: AppPackage): {
  isMonorepo: boolean;
  root: string;
  entryFile: string;
} {
  const settings = (parse(tree.text("nest-cli.json") ?? "{}") ?? {}) as Record<string, unknown>;
  return {
    isMonorepo: settings.monorepo === true,
    root: pathOr(settings.root, ""),
    entryFile: pathOr(settings.entryFile, "main"),
  };
}
