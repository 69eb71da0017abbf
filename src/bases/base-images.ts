/**
 * Pure: the base images, by their names: what each starts from and which Dockerfile makes it.
 *
 *   Linux base -> nua-python -> nua-LANGUAGEVERSION -> nua-LANGUAGEVERSION-LANGUAGEVERSION, …
 *   each of those + agent    -> nua-builder, nua-builder-LANGUAGEVERSION, … (what builds apps)
 *   Linux base -> nua-LANGUAGE, where a runtime needs nothing else
 */

import type { ChosenRuntime, Runtime } from "../languages/runtime.ts";
import { namedVersion, RUNTIMES } from "../languages/runtimes.ts";
import { NuaError } from "../lib/errors.ts";
import { VERSION } from "../protocol/version.ts";
import { linuxSuffix } from "./linux-bases.ts";

export interface BaseImage {
  /** Name without the version, such as "nua-python". */
  name: string;
  /** Its Linux base; null: the configured one. */
  linux: string | null;
  /** Name of the image that it starts from; null is the Linux base. */
  parent: string | null;
  /** Other base images that its Dockerfile reads from. */
  reads: readonly string[];
  dockerfile: string;
  /** Build arguments; a value `@name` stands for the tag of that base image. */
  buildArgs: Readonly<Record<string, string>>;
  /** What is copied to the top of its file system, from what travels inside the binary. */
  rootfs: "python" | "agent" | null;
  labels: Readonly<Record<string, string>>;
}

/** What is in every image comes before what is not. */
const ORDER: readonly Runtime[] = RUNTIMES.toSorted(
  (one, other) => Number(other.everywhere ?? false) - Number(one.everywhere ?? false),
);

/** Those that have names in `build.builder`: a list to look at, not of all that there are. */
export const BASE_NAMES: readonly string[] = [
  ...new Set(["nua-python", "nua-builder", ...RUNTIMES.flatMap(namesOf)]),
];

/**
 * The tag of a base image: its name, this tool's version, and its Linux base where that is not the
 * configured one.
 */
export function baseTag(name: string, linux: string | null = null): string {
  return `${name}:${VERSION}${linux === null ? "" : `-${linuxSuffix(linux)}`}`;
}

/**
 * @param linux its Linux base; null: the configured one
 * @throws NuaError (usage) for a name that means no base image
 */
export function findBase(name: string, linux: string | null = null): BaseImage {
  const base = readName(name);
  if (base !== undefined) return { ...base, linux };
  throw new NuaError("usage", `Find base image "${name}": there is none of that name`, {
    hint: `use one of ${BASE_NAMES.join(", ")}, or another version of one of them`,
  });
}

/** Whether that is the name of a base image. */
export function isBaseName(name: string): boolean {
  return readName(name) !== undefined;
}

/** A base image that is named, and its Linux base; null: the configured one. */
export interface NamedBase {
  name: string;
  linux: string | null;
}

/**
 * The base image with that tag of an engine's.
 * @param linuxes Linux bases that a tag may tell of
 * @returns undefined where it is none of this nua-build
 */
export function readBaseTag(tag: string, linuxes: readonly string[]): NamedBase | undefined {
  const [name = "", version = ""] = tag.split(":");
  if (!isBaseName(name)) return undefined;
  if (version === VERSION) return { name, linux: null };
  const linux = linuxes.find((one) => version === `${VERSION}-${linuxSuffix(one)}`);
  return linux === undefined ? undefined : { name, linux };
}

/**
 * What a person calls a base image: its name, or its tag.
 * @throws NuaError (usage) for what is neither
 */
export function parseBaseName(text: string, linuxes: readonly string[]): NamedBase {
  if (!text.includes(":")) return { name: findBase(text).name, linux: null };
  const found = readBaseTag(text, linuxes);
  if (found !== undefined) return found;
  throw new NuaError("usage", `Find base image "${text}": it is none of nua-build ${VERSION}`, {
    hint: `write NAME, or NAME:${VERSION}-LINUX with one of ${linuxes.map(linuxSuffix).join(", ")}`,
  });
}

/** The base image with these runtimes. */
export function baseName(runtimes: readonly ChosenRuntime[]): string {
  const parts = stackParts(runtimes);
  return parts.length === 0 ? "nua-python" : `nua-${parts.join("-")}`;
}

/** The same with the agent. */
export function builderName(runtimes: readonly ChosenRuntime[]): string {
  return ["nua-builder", ...stackParts(runtimes)].join("-");
}

/** The wanted base images and all that they need, each after what it needs. */
export function planBases(names: readonly string[], linux: string | null = null): BaseImage[] {
  const ordered = new Map<string, BaseImage>();
  const visit = (name: string) => {
    const base = findBase(name, linux);
    for (const needed of base.parent ? [base.parent, ...base.reads] : base.reads) visit(needed);
    if (!ordered.has(name)) ordered.set(name, base);
  };
  for (const name of names) visit(name);
  return [...ordered.values()];
}

// --- internal ---

/** A runtime in the name of an image. */
interface Part {
  runtime: Runtime;
  base: NonNullable<Runtime["base"]>;
  /** Empty where there is one for all. */
  version: string;
}

type Named = Omit<BaseImage, "linux">;

function namesOf({ language, versions, base }: Runtime): string[] {
  if (base === undefined) return [];
  return versions.flatMap(({ version }) => {
    const stack = [version === "" ? { language } : { language, version }];
    return base.parent === "linux" ? [baseName(stack)] : [baseName(stack), builderName(stack)];
  });
}

/** In a fixed order, so that the same runtimes are the same image. */
function stackParts(runtimes: readonly ChosenRuntime[]): string[] {
  return ORDER.flatMap(({ language, base }) => {
    const chosen = runtimes.find((one) => one.language === language);
    if (chosen === undefined || base === undefined) return [];
    const isOne = base.parent === "linux";
    return isOne || chosen.version !== undefined ? [`${language}${chosen.version ?? ""}`] : [];
  });
}

function readName(name: string): Named | undefined {
  if (name === "nua-python") return PYTHON;
  const [, builder, rest = ""] =
    /^nua(-builder)?((?:-[a-z]+(?:\d+(?:\.\d+){0,2})?)*)$/.exec(name) ?? [];
  const parts = rest.split("-").slice(1).map(readPart);
  if (parts.some((part) => part === undefined)) return undefined;
  const stack = parts as Part[];
  if (builder === undefined && stack.length === 0) return undefined;
  if (!isOrdered(stack) || !fitTogether(stack, builder !== undefined)) return undefined;
  return builder === undefined ? runtimeImage(stack) : builderImage(stack);
}

function readPart(text: string): Part | undefined {
  const [, language = "", version = ""] = /^([a-z]+)(.*)$/.exec(text) ?? [];
  const runtime = RUNTIMES.find((one) => one.language === language);
  const base = runtime?.base;
  if (runtime === undefined || base === undefined) return undefined;
  const isOne = base.parent === "linux";
  if (isOne || version === "")
    return isOne && version === "" ? { runtime, base, version } : undefined;
  const isKnown = runtime.rules !== undefined || namedVersion(runtime, version) !== undefined;
  return isKnown ? { runtime, base, version } : undefined;
}

/** One name for each. */
function isOrdered(stack: readonly Part[]): boolean {
  const places = stack.map(({ runtime }) => ORDER.indexOf(runtime));
  return places.every((place, index) => index === 0 || place > places[index - 1]!);
}

/** What starts from the Linux base itself has nothing beside it, and no agent. */
function fitTogether(stack: readonly Part[], hasAgent: boolean): boolean {
  const isAlone = stack.some(({ base }) => base.parent === "linux");
  return !isAlone || (stack.length === 1 && !hasAgent);
}

const PYTHON: Named = {
  name: "nua-python",
  parent: null,
  reads: [],
  dockerfile: "nua-python.Dockerfile",
  buildArgs: {},
  rootfs: "python",
  labels: {},
};

function nameOf(stack: readonly Part[], start = "nua"): string {
  return [start, ...stack.map(({ runtime, version }) => runtime.language + version)].join("-");
}

function runtimeImage(stack: readonly Part[]): Named {
  const below = stack.slice(0, -1);
  const { base } = stack.at(-1)!;
  const isOnLinux = base.parent === "linux";
  const parent = below.length === 0 ? PYTHON.name : nameOf(below);
  return {
    name: nameOf(stack),
    parent: isOnLinux ? null : parent,
    reads: isOnLinux ? [] : ["nua-builder"],
    dockerfile: base.dockerfile,
    buildArgs: {
      ...(isOnLinux ? {} : { nua_parent_tag: `@${parent}`, nua_builder_tag: "@nua-builder" }),
      ...versionOf(stack.at(-1)!),
    },
    rootfs: null,
    labels: labelsOf(stack),
  };
}

function builderImage(stack: readonly Part[]): Named {
  const parent = stack.length === 0 ? PYTHON.name : nameOf(stack);
  return {
    name: nameOf(stack, "nua-builder"),
    parent,
    reads: [],
    dockerfile: "nua-builder.Dockerfile",
    buildArgs: { nua_python_tag: "@nua-python", nua_base_tag: `@${parent}` },
    rootfs: "agent",
    labels: labelsOf(stack),
  };
}

function labelsOf(stack: readonly Part[]): Record<string, string> {
  return Object.assign({}, ...stack.map(versionOf));
}

/** As the Dockerfile gets it, and as the image is labelled with it. */
function versionOf({ runtime, base: { argument }, version }: Part): Record<string, string> {
  if (argument === undefined) return {};
  return { [argument]: namedVersion(runtime, version)?.exact ?? version };
}
