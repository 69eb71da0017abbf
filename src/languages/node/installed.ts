/** The packages that a lock file, or else package.json, has installed: of every manager's form. Pure. */
import { parse } from "jsonc-parser";
import * as v from "valibot";
import { oncePer } from "../../lib/once-per.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import { type Manifest, readManifest } from "./app/manifest.ts";
import { documentOfApp } from "./locks/pnpm-lock.ts";

export interface InstalledPackage {
  /** The version; as the manifest asks for it where there is no lock file. */
  version: string;
  /** Whether it has a script that is run when it is installed; null where that is not known. */
  hasScript: boolean | null;
  /** Whether only those who develop need it; null where that is not known. */
  isDev: boolean | null;
}

export interface InstalledPackages {
  /** The file that names them. */
  file: string;
  text: string;
  /** A package may be there in several versions. */
  packages: ReadonlyMap<string, readonly InstalledPackage[]>;
}

/** The packages that depend on one of some others, as far as the lock file says so. */
export function dependentsOf(
  { file, text }: InstalledPackages,
  names: readonly string[],
): string[] {
  const quoted = names.map((name) => name.replace(/[/.]/g, "\\$&")).join("|");
  if (file === "bun.lock") return dependentsInBun(text, new Set(names));
  if (!/^(pnpm-lock\.yaml|yarn\.lock)$/.test(file)) return [];
  const isNamed = new RegExp(`^[ \\t]{4,}["']?(?:${quoted})["']?:?\\s`, "m");
  const between = file === "yarn.lock" ? /\n(?=\S)/ : /\n(?=\S| {2}\S)/;
  return text.split(between).flatMap((block) => {
    const name = /^\s*["']?\/?((?:@[^/@\s]+\/)?[^/@\s'"]+)[@/]/.exec(block)?.[1];
    return name !== undefined && isNamed.test(block) ? [name] : [];
  });
}

/** Those for this system; nothing of a lock file that is none, which its manager tells. */
export function installedPackages(tree: SourceTree, manifest: Manifest): InstalledPackages {
  return lockedPackages(tree) ?? ofManifests(tree, manifest);
}

// --- internal ---

const lockedPackages = oncePer((tree: SourceTree): InstalledPackages | undefined => {
  for (const [file, read] of READERS) {
    const text = tree.text(file);
    if (text === undefined) continue;
    const packages = new Map<string, InstalledPackage[]>();
    for (const { name, ...found } of read(text))
      packages.set(name, [...(packages.get(name) ?? []), found]);
    if (packages.size > 0) return { file, text, packages };
  }
  return undefined;
});

type Named = InstalledPackage & { name: string };

const READERS: readonly [string, (text: string) => Named[]][] = [
  ["pnpm-lock.yaml", ofPnpm],
  ["bun.lock", ofBun],
  ["yarn.lock", ofYarn],
  ["npm-shrinkwrap.json", ofNpm],
  ["package-lock.json", ofNpm],
];

const npmEntry = v.fallback(
  v.object({
    version: v.optional(v.string(), ""),
    hasInstallScript: v.optional(v.boolean(), false),
    dev: v.optional(v.boolean(), false),
    os: v.optional(v.array(v.string()), []),
  }),
  { version: "", hasInstallScript: false, dev: false, os: [] },
);

/** npm's lock file, since its version 2; and as it was before, which says nothing of scripts. */
const npmSchema = v.object({
  packages: v.optional(v.record(v.string(), npmEntry)),
  dependencies: v.optional(v.record(v.string(), npmEntry)),
});

function ofNpm(text: string): Named[] {
  const parsed = v.safeParse(npmSchema, jsonOf(text));
  if (!parsed.success) return [];
  const { packages, dependencies = {} } = parsed.output;
  if (packages === undefined) {
    return Object.entries(dependencies).map(([name, { version, dev }]) => ({
      ...{ name, version, hasScript: null, isDev: dev },
    }));
  }
  return Object.entries(packages)
    .filter(([, { os }]) => os.length === 0 || os.includes("linux"))
    .map(([path, { version, hasInstallScript, dev }]) => ({
      name: path.replace(/^.*node_modules\//, ""),
      ...{ version, hasScript: hasInstallScript, isDev: dev },
    }))
    .filter(({ name }) => name !== "");
}

/** Keys of `packages`: `/a/1.0.0`, `/a@1.0.0(b@2.0.0)` or `a@1.0.0`, by the version of the file. */
function ofPnpm(text: string): Named[] {
  const own = documentOfApp(text);
  const begin = own.search(/^packages:/m);
  if (begin === -1) return [];
  const inner = own.slice(begin).replace(/^packages:.*\n/, "");
  const end = inner.search(/^\S/m);
  const blocks = (end === -1 ? inner : inner.slice(0, end)).split(/^ {2}(?=\S)/m);
  const saysScripts = /^[ \t]+requiresBuild:/m.test(inner);
  return blocks.flatMap((block) => {
    const found = /^['"]?\/?((?:@[^/@\s]+\/)?[^/@\s'"]+)[@/](\d[^(\s'":_]*)/.exec(block);
    if (found === null || isForElsewhere(block)) return [];
    // pnpm says so of all that it has not looked at, which those for other systems are.
    const isOptional = /^[ \t]+optional: true/m.test(block);
    const hasScript = saysScripts ? /^[ \t]+requiresBuild: true/m.test(block) && !isOptional : null;
    const dev = /^[ \t]+dev: (true|false)/m.exec(block)?.[1];
    return [
      {
        name: found[1]!,
        version: found[2]!,
        hasScript,
        isDev: dev === undefined ? null : dev === "true",
      },
    ];
  });
}

function isForElsewhere(block: string): boolean {
  const systems = /^[ \t]+os: \[([^\]]*)\]/m.exec(block)?.[1];
  return systems !== undefined && !systems.includes("linux") && !systems.includes("!");
}

/** `a@^1, a@^2:` and a line `version "1.2.3"`; since yarn 2 `"a@npm:^1":` and `version: 1.2.3`. */
function ofYarn(text: string): Named[] {
  const pattern = /^"?((?:@[^/@\s"]+\/)?[^@\s",]+)@[^\n]*:\n {2}version:? "?([^"\n]+)/gm;
  return [...text.matchAll(pattern)].map(([, name, version]) => ({
    ...{ name: name!, version: version!, hasScript: null, isDev: null },
  }));
}

/** `packages`: a path of names, and a list whose first element is `name@version`. */
function ofBun(text: string): Named[] {
  const packages = (parse(text) as { packages?: unknown } | undefined)?.packages;
  if (typeof packages !== "object" || packages === null) return [];
  return Object.values(packages).flatMap((entry) => {
    const first = Array.isArray(entry) ? entry[0] : undefined;
    const found = typeof first === "string" ? /^((?:@[^/@]+\/)?[^/@]+)@(.+)$/.exec(first) : null;
    return found === null
      ? []
      : [{ name: found[1]!, version: found[2]!, hasScript: null, isDev: null }];
  });
}

function dependentsInBun(text: string, names: ReadonlySet<string>): string[] {
  const packages =
    (parse(text) as { packages?: Record<string, unknown> } | undefined)?.packages ?? {};
  return Object.values(packages).flatMap((entry) => {
    const [id, , details] = Array.isArray(entry) ? (entry as unknown[]) : [];
    const { dependencies } = (details ?? {}) as { dependencies?: unknown };
    const isDependent =
      typeof dependencies === "object" &&
      dependencies !== null &&
      Object.keys(dependencies).some((name) => names.has(name));
    return isDependent && typeof id === "string" ? [id.replace(/(?<=.)@.*$/, "")] : [];
  });
}

function ofManifests(tree: SourceTree, manifest: Manifest): InstalledPackages {
  const packages = new Map<string, InstalledPackage[]>();
  const add = (table: Readonly<Record<string, string>>, isDev: boolean) => {
    for (const [name, version] of Object.entries(table)) {
      packages.set(name, [{ version, hasScript: null, isDev }]);
    }
  };
  for (const one of [readManifest(tree), manifest]) {
    add(one.devDependencies, true);
    add({ ...one.optionalDependencies, ...one.dependencies }, false);
  }
  const file = manifest.file ?? "package.json";
  return { file, text: tree.text(file) ?? "", packages };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
