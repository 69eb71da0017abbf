/** The file that is started where no script says so: by the manifest, or by its name. Pure. */
import { posix } from "node:path";
import { parse } from "jsonc-parser";
import { type AppPackage, firstFile } from "./app/app-package.ts";
import { buildScript, pathOr } from "./frameworks/framework.ts";

export interface Entry {
  /** Relative to the package: there, or made by the build. */
  file: string;
  /** `main`, or the file itself. */
  by: "main" | "name";
}

/** What is looked for, in order. */
export const ENTRY_NAMES: readonly string[] = [
  ...forms("index"),
  // What Express' generator writes beside an app.js that listens to nothing.
  ...["bin/www", "bin/www.js", "bin/server.js"],
  ...["server", "app", "main", "bot"].flatMap(forms),
  ...["index", "server", "app", "main", "bot"].flatMap((name) => forms(`src/${name}`)),
  ...["server/index", "server/server", "api/index"].flatMap(forms),
];

/** @returns null where there is no such file */
export function findEntry(app: AppPackage): Entry | null {
  const page = app.tree.text("index.html") ?? "";
  const main = mainFile(app);
  if (main !== undefined && !isLoadedBy(page, main)) return { file: main, by: "main" };
  const named = firstFile(
    app,
    ENTRY_NAMES.filter((name) => !isLoadedBy(page, name)),
  );
  if (named === undefined) return null;
  return { file: compiled(app, named) ?? named, by: "name" };
}

/** Whether a file seems to listen for requests. */
export function isServer({ tree }: AppPackage, file: string): boolean {
  const text = tree.text(file)?.slice(0, 256 * 1024) ?? "";
  return /\.listen\s*\(|\bcreateServer\s*\(|\bBun\.serve\s*\(|\bDeno\.serve\s*\(|\bserve\s*\(\s*(?:\{|app\b)/.test(
    text,
  );
}

// --- internal ---

/** Whether a page has browsers run it. */
function isLoadedBy(page: string, file: string): boolean {
  return [`"${file}"`, `"/${file}"`, `"./${file}"`].some(
    (src) => page.includes(`src=${src}`) || page.includes(`src=${src.replaceAll('"', "'")}`),
  );
}

function forms(name: string): string[] {
  return ["js", "mjs", "cjs", "ts", "mts", "cts", "tsx"].map((extension) => `${name}.${extension}`);
}

/** As Node finds it, or as the build will make it. */
function mainFile(app: AppPackage): string | undefined {
  const main = pathOr(app.manifest.main, "");
  if (main === "" || main.startsWith("../")) return undefined;
  const found = firstFile(app, [
    main,
    `${main}.js`,
    `${main}.json`,
    `${main}/index.js`,
    `${main}.ts`,
  ]);
  if (found !== undefined) return found.endsWith(".json") ? undefined : found;
  const isMade = buildScript(app) !== "" && main.startsWith(`${outDir(app) ?? "dist"}/`);
  return isMade ? main : undefined;
}

/** Where the TypeScript compiler puts it, if it is what builds. */
function compiled(app: AppPackage, file: string): string | undefined {
  if (!/\.[cm]?ts$/.test(file) || !/(^|[\s/])tsc(\s|$)/.test(buildScript(app))) return undefined;
  const folder = outDir(app);
  if (folder === undefined) return undefined;
  const rootDir = pathOr(compilerOptions(app).rootDir, file.startsWith("src/") ? "src" : ".");
  const inner = posix.relative(rootDir, file);
  return inner.startsWith("..")
    ? undefined
    : posix.join(folder, inner.replace(/\.([cm]?)ts$/, ".$1js"));
}

function outDir(app: AppPackage): string | undefined {
  const { outDir: folder, noEmit } = compilerOptions(app);
  const path = pathOr(folder, "");
  return noEmit === true || path === "" ? undefined : path;
}

function compilerOptions({ tree }: AppPackage): Readonly<Record<string, unknown>> {
  const name = ["tsconfig.build.json", "tsconfig.json"].find((file) => tree.has(file));
  const config = name === undefined ? undefined : parse(tree.text(name) ?? "");
  const options = (config as { compilerOptions?: unknown } | undefined)?.compilerOptions;
  return typeof options === "object" && options !== null
    ? (options as Record<string, unknown>)
    : {};
}
