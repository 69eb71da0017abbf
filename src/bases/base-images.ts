/**
 * The base images, as a table: what each starts from and which Dockerfile makes it.
 *
 *   Linux base -> nua-python -> nua-LANGUAGEVERSION, … (what apps are built on)
 *   each of those + agent    -> nua-builder, nua-builder-LANGUAGEVERSION, … (what builds them)
 */

import type { ChosenRuntime, RuntimeVersion } from "../languages/runtime.ts";
import { RUNTIMES } from "../languages/runtimes.ts";
import { NuaError } from "../lib/errors.ts";
import { VERSION } from "../protocol/version.ts";

export interface BaseImage {
  /** Name without the version, such as "nua-python". */
  name: string;
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

export const BASE_IMAGES: readonly BaseImage[] = [
  {
    name: "nua-python",
    parent: null,
    reads: [],
    dockerfile: "nua-python.Dockerfile",
    buildArgs: {},
    rootfs: "python",
    labels: {},
  },
  builderOn("nua-builder", "nua-python", {}),
  ...RUNTIMES.flatMap(({ language, versions, base }) =>
    base === undefined
      ? []
      : versions.flatMap((version) => runtimeImages(language, version, base.dockerfile)),
  ),
];

/** The tag of a base image: its name and this tool's version. */
export function baseTag(name: string): string {
  return `${name}:${VERSION}`;
}

/** @throws NuaError (usage) for a name that is not in the table */
export function findBase(name: string): BaseImage {
  const base = BASE_IMAGES.find((image) => image.name === name);
  if (base) return base;
  throw new NuaError("usage", `Find base image "${name}": there is none of that name`, {
    hint: `use one of ${BASE_IMAGES.map((image) => image.name).join(", ")}`,
  });
}

/** The base images of a runtime: what the app is built on, and what carries the agent. */
export function basesFor({ language, version }: ChosenRuntime): {
  runtime: string;
  builder: string;
} {
  return version === undefined
    ? { runtime: "nua-python", builder: "nua-builder" }
    : { runtime: `nua-${language}${version}`, builder: `nua-builder-${language}${version}` };
}

/** The wanted base images and all that they need, each after what it needs. */
export function planBases(names: readonly string[]): BaseImage[] {
  const ordered = new Set<BaseImage>();
  const visit = (name: string) => {
    const base = findBase(name);
    for (const needed of base.parent ? [base.parent, ...base.reads] : base.reads) visit(needed);
    ordered.add(base);
  };
  for (const name of names) visit(name);
  return [...ordered];
}

// --- internal ---

function runtimeImages(
  language: string,
  { version, buildArgs = {} }: RuntimeVersion,
  dockerfile: string,
): BaseImage[] {
  const names = basesFor({ language, version });
  const runtime: BaseImage = {
    name: names.runtime,
    parent: "nua-python",
    reads: ["nua-builder"],
    dockerfile,
    buildArgs: { nua_python_tag: "@nua-python", nua_builder_tag: "@nua-builder", ...buildArgs },
    rootfs: null,
    labels: buildArgs,
  };
  return [runtime, builderOn(names.builder, runtime.name, buildArgs)];
}

function builderOn(name: string, parent: string, labels: BaseImage["labels"]): BaseImage {
  return {
    name,
    parent,
    reads: [],
    dockerfile: "nua-builder.Dockerfile",
    buildArgs: { nua_python_tag: "@nua-python", nua_base_tag: `@${parent}` },
    rootfs: "agent",
    labels,
  };
}
