/**
 * The base images, as a table: what each starts from and which Dockerfile makes it.
 *
 *   Linux base -> nua-python -> nua-nodejs20, nua-ruby322, … (what apps are built on)
 *   each of those + agent    -> nua-builder, nua-builder-nodejs20, … (what builds them)
 */
import { NuaError } from "../lib/errors.ts";
import type { Builder } from "../plan/names.ts";
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

export const NODE_VERSIONS = ["14", "16", "18", "20", "22", "24"] as const;

/** The distribution's Ruby of the same series is taken for any of them. */
export const RUBY_VERSIONS = ["2.7.8", "3.1.4", "3.2.2"] as const;

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
  ...NODE_VERSIONS.flatMap((version) =>
    language(`nodejs${version}`, "nua-nodejs.Dockerfile", { node_version: version }),
  ),
  ...RUBY_VERSIONS.flatMap((version) =>
    language(`ruby${version.replaceAll(".", "")}`, "nua-ruby.Dockerfile", {
      ruby_version: version,
    }),
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

/** The base images of a language: what the app is built on, and what carries the agent. */
export function basesFor(builder: Builder): { runtime: string; builder: string } {
  const suffix = builder.language === "python" ? "" : `${builder.language}${builder.version}`;
  return suffix === ""
    ? { runtime: "nua-python", builder: "nua-builder" }
    : { runtime: `nua-${suffix}`, builder: `nua-builder-${suffix}` };
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

/** The two images of a language. @param version build argument and label */
function language(
  suffix: string,
  dockerfile: string,
  version: Readonly<Record<string, string>>,
): BaseImage[] {
  const runtime: BaseImage = {
    name: `nua-${suffix}`,
    parent: "nua-python",
    reads: ["nua-builder"],
    dockerfile,
    buildArgs: { nua_python_tag: "@nua-python", nua_builder_tag: "@nua-builder", ...version },
    rootfs: null,
    labels: version,
  };
  return [runtime, builderOn(`nua-builder-${suffix}`, runtime.name, version)];
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
