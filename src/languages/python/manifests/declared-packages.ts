/** Pure: the Python packages that an app's manifests and locks name, for what depends on one of them. */
import { oncePer } from "../../../lib/once-per.ts";
import type { SourceTree } from "../../../source/source-tree.ts";
import { lockedNames } from "./lock-names.ts";
import { type NamedRequirement, parseRequirement, readManifests } from "./manifest-names.ts";

export interface DeclaredPackage {
  /** As indexes have it (PEP 503). */
  name: string;
  extras: readonly string[];
  /** The manifest or lock that names it first. */
  file: string;
}

/** By name. Those of development groups and of extras that are not asked for are not among them. */
export type DeclaredPackages = ReadonlyMap<string, DeclaredPackage>;

/** Manifests first, then what a package is known to bring along, then locks. */
export const declaredPackages = oncePer((tree: SourceTree): DeclaredPackages => {
  const found = new Map<string, DeclaredPackage>();
  const add = ({ name, extras }: NamedRequirement, file: string) => {
    const before = found.get(name);
    const all = [...new Set([...(before?.extras ?? []), ...extras])];
    found.set(name, { name, extras: all, file: before?.file ?? file });
  };
  for (const { file, requirements } of readManifests(tree)) {
    for (const one of requirements) add(one, file);
  }
  for (const { name, extras, file } of [...found.values()]) {
    for (const brought of broughtAlong(name, extras)) add(parseRequirement(brought)!, file);
  }
  for (const { file, names } of lockedNames(tree)) {
    for (const name of names) add({ name, extras: [] }, file);
  }
  return found;
});

// --- internal ---

/**
 * What decides how an app is started and comes with another package: without a lock, nothing else
 * tells that it will be there. By name, or by name and extra.
 */
const BROUGHT: Readonly<Record<string, readonly string[]>> = {
  "fastapi[standard]": ["uvicorn", "fastapi-cli"],
  "fastapi[all]": ["uvicorn", "fastapi-cli"],
  "python-fasthtml": ["uvicorn", "starlette"],
  "litestar[standard]": ["uvicorn"],
  nicegui: ["uvicorn"],
  quart: ["hypercorn"],
  "channels[daphne]": ["daphne"],
  "connexion[flask]": ["flask"],
  "connexion[uvicorn]": ["uvicorn"],
  "blacksheep[full]": ["uvicorn"],
  apiflask: ["flask"],
  "flask-openapi3": ["flask"],
  "flask-appbuilder": ["flask"],
  "flask-restx": ["flask"],
  "flask-sqlalchemy": ["flask"],
  "flask-socketio": ["flask"],
  djangorestframework: ["django"],
  wagtail: ["django"],
  "django-cms": ["django"],
  "moviepy[optional]": ["imageio-ffmpeg"],
};

function broughtAlong(name: string, extras: readonly string[]): string[] {
  const keys = [name, ...extras.map((extra) => `${name}[${extra}]`)];
  return keys.flatMap((key) => BROUGHT[key] ?? []);
}
