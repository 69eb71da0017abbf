/**
 * `npm run circles`: no file imports from a folder that is later in the table of folders; circles
 * of files are found by `noImportCycles`, in biome.json. And one file starts programs.
 *
 * Both are Biome's rules. dependency-cruiser, which is made for this, reads TypeScript through the
 * API that TypeScript has no longer from 7 on, or through another whole compiler.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { ROOMS } from "./rooms.ts";

/** A folder of sources, or one file among others; what it may not import, as its imports have it. */
export interface Layer {
  path: string;
  later: string[];
}

/** @throws Error when the table and the folders below `root` are not the same */
export function listLayers(root: string): Layer[] {
  const rooms = Object.keys(ROOMS);
  const layers = rooms.flatMap((room, index) => {
    const { folders = [], above = [] } = ROOMS[room]!;
    const later = rooms.slice(index + 1);
    if (room.endsWith(".ts")) return [layer(room, later, [])];
    const inner = folders.map((name) => `${room}/${name}`);
    const tops = above.map((name) => `${room}/${name}`);
    return [
      ...tops.map((top) => layer(top, later, [])),
      layer(room, later, [...inner, ...tops]),
      ...inner.map((folder, place) => layer(folder, later, [...inner.slice(place + 1), ...tops])),
    ];
  });
  const named = layers.map(({ path }) => path);
  const unknown = listPlaces(root).filter((path) => !named.includes(path));
  if (unknown.length > 0) throw new Error(`scripts/rooms.ts does not have ${unknown.join(", ")}`);
  const gone = named.filter((path) => !existsSync(join(root, path)));
  if (gone.length > 0) throw new Error(`scripts/rooms.ts has ${gone.join(", ")}: there is none`);
  return layers;
}

/** The configuration of Biome that forbids what a layer may not import. */
export function biomeConfig(layers: readonly Layer[]): object {
  const files = layers.map(({ path }) => path).filter((path) => path.endsWith(".ts"));
  return {
    root: true,
    overrides: layers.map(({ path, later }) => {
      const isFile = path.endsWith(".ts");
      const apart = files.filter((file) => !isFile && dirname(file) === path);
      const includes = isFile ? [path] : [`${path}/*.ts`, ...apart.map((file) => `!${file}`)];
      return {
        includes: includes.map((glob) => glob.replace(/^(!?)/, "$1**/")),
        linter: { rules: { style: { noRestrictedImports: forbid(path, later) } } },
      };
    }),
  };
}

// --- internal ---

/**
 * @param rooms later ones, of which nothing may be imported
 * @param beside folders and files of the same room
 */
function layer(path: string, rooms: readonly string[], beside: readonly string[]): Layer {
  const folder = path.endsWith(".ts") ? dirname(path) : path;
  const from = (other: string) => {
    const way = relative(folder, other);
    return way.startsWith(".") ? way : `./${way}`;
  };
  return {
    path,
    later: [
      ...rooms.map((room) => (room.endsWith(".ts") ? from(room) : `${from(room)}/**`)),
      ...beside.map((one) => (one.endsWith(".ts") ? from(one) : `${from(one)}/*.ts`)),
    ],
  };
}

function forbid(path: string, group: readonly string[]): object {
  const message = `${path} is below it in the table of rooms, scripts/rooms.ts`;
  const patterns = group.length === 0 ? [] : [{ group, message }];
  const isStarter = path === STARTER || path.startsWith("src/agent");
  return { level: "error", options: { patterns, paths: isStarter ? {} : STARTING } };
}

/** The only file that starts programs; the agent, in the container, has a way of its own. */
const STARTER = "src/lib/process.ts";
const STARTING = {
  "node:child_process": `programs are started by ${STARTER}`,
  zx: `programs are started by ${STARTER}`,
};

/** Folders below src that hold sources, and the files in src itself. */
function listPlaces(root: string): string[] {
  const files = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
    .map((name) => `src/${name}`);
  return [...new Set(files.map((file) => (dirname(file) === "src" ? file : dirname(file))))];
}

if (import.meta.main) {
  const root = join(import.meta.dir, "..");
  const folder = mkdtempSync(join(tmpdir(), "nua-circles-"));
  try {
    const config = join(folder, "biome.json");
    writeFileSync(config, JSON.stringify(biomeConfig(listLayers(root))));
    const rule = ["--only=style/noRestrictedImports", "--max-diagnostics=none"];
    const biome = join(root, "node_modules/.bin/biome");
    const { exitCode } = Bun.spawnSync([biome, "lint", `--config-path=${config}`, ...rule, "src"], {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
    });
    process.exitCode = exitCode;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
