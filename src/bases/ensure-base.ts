/** Builds a base image unless it is there and current. */
import { createHash } from "node:crypto";
import { copyFile, link, mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AGENT_BUNDLE, PYTHON_LIBRARY } from "../assets.ts";
import { newContextName } from "../engine/context-name.ts";
import type { ImageFacts } from "../engine/image-facts.ts";
import { isoTime } from "../images/reproducible/normalize-config.ts";
import { DEFAULT_EPOCH } from "../images/reproducible/normalize-image.ts";
import { Candidate } from "../images/transfer/candidate.ts";
import { normalizeInEngine } from "../images/transfer/normalize-in-engine.ts";
import { VERSION } from "../protocol/version.ts";
import type { Session } from "../session/session.ts";
import { createTempFolder } from "../session/temp-folder.ts";
import { baseDockerfile, baseRecipe } from "./base-dockerfile.ts";
import { type BaseImage, baseTag } from "./base-images.ts";
import { nuaLabels } from "./labels.ts";
import { configuredLinux, ensureLinuxBase, linuxBaseTag } from "./linux-base.ts";
import { knownLinux } from "./linux-bases.ts";

/** Says what a base image was made from; see {@link recipeDigest}. */
const RECIPE_LABEL = "rocks.nua.recipe";

/** Says which Linux base it was made from: see {@link findConfiguredLinux}. */
const LINUX_LABEL = "rocks.nua.linux";

/** Where the agent and its runtime live in every nua-builder image. */
const AGENT_FOLDER = "usr/local/lib/nua/agent";

export type BaseState = "current" | "outdated" | "missing";

/** Whether the engine's image of that base was built from what this tool would build it from. */
export async function probeBase(base: BaseImage, session: Session): Promise<BaseState> {
  const engine = await session.engine();
  const { linux } = base;
  const parent =
    base.parent === null ? await linuxBaseTag(session, linux) : baseTag(base.parent, linux);
  const [image, parentImage] = await Promise.all(
    [tagOf(base), parent].map((tag) => (tag === undefined ? tag : engine.findImage(tag))),
  );
  if (!image) return "missing";
  if (image.labels[RECIPE_LABEL] !== recipeDigest(base, linuxOf(base, session))) {
    return "outdated";
  }
  // A base that came from elsewhere may be here without its parent: that is no fault. Nor can
  // the layers of one in its reproducible form be those of a Linux image as it was pulled.
  const isUnknown = parentImage === undefined || (base.parent === null && isNormalized(image));
  return isUnknown || isBuiltOn(image, parentImage) ? "current" : "outdated";
}

/** Brings a base image into its reproducible form, unless it is in it; its parents must be. */
export async function normalizeBase(base: BaseImage, session: Session): Promise<void> {
  const tag = tagOf(base);
  const image = await (await session.engine()).getImage(tag);
  if (isNormalized(image)) return;
  const { length: baseLayers } = image.diffIds;
  await using candidate = new Candidate(tag, session);
  await using temp = await createTempFolder(session.settings.buildDir);
  const folder = join(temp.path, "normalized");
  const request = { image, tag, loadAs: candidate.tag, baseLayers, epoch: DEFAULT_EPOCH, folder };
  await candidate.accept((await normalizeInEngine(request, session)).image, image);
}

/**
 * Builds a base image, whether it is there or not. Its parents must be there.
 * @param options.noCache whether every layer is made anew
 */
export async function buildBase(
  base: BaseImage,
  session: Session,
  options: { noCache: boolean },
): Promise<void> {
  const engine = await session.engine();
  const linuxBase = base.parent === null ? await ensureLinuxBase(session, base.linux) : undefined;
  session.report.step(`Build base image ${tagOf(base)}`);
  await using folder = await createTempFolder(session.settings.buildDir);
  const context = join(folder.path, newContextName());
  const { hiddenArgs, secrets, ...given } = await session.builderSecrets({ isOurs: true });
  await stageBase(base, context, baseDockerfile(base, { secrets }));
  await engine.build(
    {
      context,
      dockerfile: join(context, "Dockerfile"),
      result: {
        kind: "image",
        tag: tagOf(base),
        labels: {
          ...nuaLabels(base.name, tagOf(base)),
          ...base.labels,
          ...(linuxBase === undefined ? {} : { [LINUX_LABEL]: linuxBase }),
          [RECIPE_LABEL]: recipeDigest(base, linuxOf(base, session)),
        },
        idFile: join(folder.path, "image-id"),
      },
      buildArgs: resolveBuildArgs(base, linuxBase),
      ...{ hiddenArgs, secrets },
      noCache: options.noCache,
    },
    { onLine: session.report.output, ...given },
  );
}

/**
 * What the configured Linux base turned out to be: another one stands in where it cannot be pulled.
 * @returns its name as runtimes know it, where they do; undefined where nothing is there yet
 */
export async function findConfiguredLinux(
  session: Session,
): Promise<{ name: string | undefined } | undefined> {
  const engine = await session.engine();
  const tag = await linuxBaseTag(session);
  const [image, held] = await Promise.all([
    engine.findImage(baseTag(PYTHON_BASE)),
    tag === undefined ? undefined : engine.findImage(tag),
  ]);
  const made = image?.labels[LINUX_LABEL];
  if (held === undefined && made !== undefined) return { name: knownLinux(made)?.name };
  return held && { name: (await configuredLinux(session))?.name };
}

/** A digest of all that goes into a base image but its parent. */
export function recipeDigest(base: BaseImage, linuxBase: string): string {
  const recipe = {
    dockerfile: baseRecipe(base),
    buildArgs: base.buildArgs,
    linuxBase: base.parent === null ? linuxBase : "",
    files: base.rootfs === null ? {} : { ...rootfsTexts(base.rootfs) },
    // The runtime is this program itself; its version stands for its 100 MB.
    runtime: base.rootfs === "agent" ? `${VERSION} bun ${Bun.version}` : "",
  };
  return createHash("sha256").update(JSON.stringify(recipe)).digest("hex");
}

// --- internal ---

/** The image that most others are built upon. */
const PYTHON_BASE = "nua-python";

function tagOf({ name, linux }: BaseImage): string {
  return baseTag(name, linux);
}

function linuxOf({ linux }: BaseImage, { settings }: Session): string {
  return linux ?? settings.linuxBase;
}

function isNormalized(image: ImageFacts): boolean {
  return image.created === isoTime(DEFAULT_EPOCH);
}

function isBuiltOn(image: ImageFacts, parent: ImageFacts): boolean {
  return parent.diffIds.every((digest, index) => image.diffIds[index] === digest);
}

function resolveBuildArgs(base: BaseImage, linuxBase: string | undefined): Record<string, string> {
  const args = Object.entries(base.buildArgs).map(([name, value]) => [
    name,
    value.startsWith("@") ? baseTag(value.slice(1), base.linux) : value,
  ]);
  return {
    ...Object.fromEntries(args),
    ...(linuxBase === undefined ? {} : { nua_linux_base: linuxBase }),
  };
}

function rootfsTexts(kind: "python" | "agent"): Record<string, { text: string; mode: number }> {
  if (kind === "python") {
    const files = Object.entries(PYTHON_LIBRARY).map(
      ([path, text]) => [`usr/local/lib/nua/python/${path}`, { text, mode: 0o644 }] as const,
    );
    return Object.fromEntries(files);
  }
  const bundle = Object.entries(AGENT_BUNDLE).map(
    ([name, text]) => [`${AGENT_FOLDER}/${name}`, { text, mode: 0o644 }] as const,
  );
  return {
    ...Object.fromEntries(bundle),
    [`${AGENT_FOLDER}/app_builder`]: { text: AGENT_STARTER, mode: 0o755 },
    "usr/local/bin/app_builder": {
      text: `#!/bin/sh\nexec /${AGENT_FOLDER}/app_builder "$@"\n`,
      mode: 0o755,
    },
  };
}

/**
 * A compiled nua-build is a bun runtime when it is told so. It must not find an app's .env or
 * bunfig.toml in the folder that a Dockerfile has chosen.
 */
const AGENT_STARTER = `#!/bin/sh
here=$(cd "$(dirname "$0")" && pwd) && cd / &&
BUN_BE_BUN=1 exec "$here/runtime" --no-env-file run "$here/agent.mjs" "$@"
`;

async function stageBase(base: BaseImage, context: string, dockerfile: string): Promise<void> {
  await mkdir(join(context, "rootfs"), { recursive: true });
  await writeFile(join(context, "Dockerfile"), dockerfile);
  if (base.rootfs === null) return;
  for (const [path, { text, mode }] of Object.entries(rootfsTexts(base.rootfs))) {
    const file = join(context, "rootfs", path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { mode });
    await utimes(file, DEFAULT_EPOCH, DEFAULT_EPOCH);
  }
  if (base.rootfs === "agent") {
    const runtime = join(context, "rootfs", AGENT_FOLDER, "runtime");
    // The build folder may be on another file system, where a hard link cannot be.
    await link(process.execPath, runtime).catch(() => copyFile(process.execPath, runtime));
  }
  // Of the same files the engine then makes the same layer, in whichever image.
  for (const folder of await listFolders(join(context, "rootfs"))) {
    await utimes(folder, DEFAULT_EPOCH, DEFAULT_EPOCH);
  }
}

async function listFolders(top: string): Promise<string[]> {
  const entries = await readdir(top, { recursive: true, withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory());
  return [top, ...folders.map(({ parentPath, name }) => join(parentPath, name))];
}
