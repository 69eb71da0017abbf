/** Stages the build context in a temporary folder. */
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DOCKERFILES } from "../assets.ts";
import type { LoadedConfig } from "../config/loaded-config.ts";
import { contextTrees } from "../context/context-trees.ts";
import { type ContextWriter, createContextWriter } from "../context/context-writer.ts";
import { reportNotes } from "../context/report-notes.ts";
import { stageLayers } from "../context/stage-layers.ts";
import { stageSource } from "../context/stage-source.ts";
import { type PathNote, stageTree } from "../context/stage-tree.ts";
import { dockerfileText, isAssembled, runsAgent } from "../dockerfile/dockerfile.ts";
import { withImageNames } from "../dockerfile/images.ts";
import { type BuilderKind, mountsFaithfully } from "../engine/builder-kind.ts";
import { newContextName } from "../engine/context-name.ts";
import { diskError } from "../images/archive/disk.ts";
import { cacheKey } from "../incremental/cache-key.ts";
import type { BuildPlan } from "../plan/build-plan.ts";
import { NORMALIZED_CONFIG_FILE } from "../protocol/agent-input.ts";
import type { CommandInputs } from "../session/input-source.ts";
import { withNetworkSettings } from "../session/network-settings.ts";
import type { Session } from "../session/session.ts";
import { createTempFolder } from "../session/temp-folder.ts";
import { readAppFile } from "../source/app-file.ts";
import type { Source } from "../source/source.ts";
import type { Step } from "./step.ts";

/** A folder with all that the engine needs; it disappears when it is disposed of. */
export interface StagedContext extends AsyncDisposable {
  /** The build context. */
  folder: string;
  /** Of the build: in the context, or beside it. */
  dockerfile: string;
  /** A file beside the context, for the image's id. */
  idFile: string;
  /** Whether the image is made from the layers that its Dockerfile hands out. */
  assembled: boolean;
  /** What its commands read. */
  inputs: CommandInputs;
}

/** Collects the build context in the layout that packages' own Dockerfiles rely on. */
export const stageContextStep: Step<
  /** The name of its folder: see context-name.ts. */
  { loaded: LoadedConfig; plan: BuildPlan; source: Source; contextName?: string },
  StagedContext
> = {
  name: "stage-context",
  async run({ loaded, plan, source, contextName = newContextName() }, session) {
    await using made = new AsyncDisposableStack();
    const temp = made.use(await createTempFolder(session.settings.buildDir));
    try {
      const folder = join(temp.path, contextName);
      const engine = await session.engine();
      const [{ builder }, base] = await Promise.all([
        engine.builder(),
        engine.findImage(plan.images.base),
      ]);
      const agentImage = engine.nameOf(plan.images.builder ?? plan.images.base);
      const use = { builder, dockerfile: plan.dockerfile.kind, agentImage };
      const inputs = made.use(await session.input.open(use, session));
      // Where the agent copies the context, it sees to the permissions as well.
      const copiesModes = plan.dockerfile.kind !== "default" || !mountsFaithfully(builder);
      const writer = createContextWriter(folder, { copiesModes });
      writer.makeFolder("nua");
      const size = await stageApp({ loaded, plan, writer }, session);
      if (source.archive !== null) stageSource(source.archive, writer);
      for (const tree of inputs.staged) {
        await stageTree({ ...tree, writer, accept: () => true, signal: session.signal });
      }
      const assembled = inputs.isForImage && isAssembled(plan, { builder, base }, size);
      const staging = { loaded, plan, source, writer, builder, assembled, inputs };
      const dockerfile = await writeGenerated(staging, session);
      session.report.detail(`${size.files} files staged in ${folder}`);
      const kept = made.move();
      return {
        folder,
        idFile: join(temp.path, "image-id"),
        ...{ dockerfile, assembled, inputs },
        [Symbol.asyncDispose]: () => kept.disposeAsync(),
      };
    } catch (error) {
      const isSystem = error instanceof Error && "syscall" in error;
      throw isSystem ? diskError(`Stage "${loaded.root}"`, temp.path, error) : error;
    }
  },
};

// --- internal ---

async function stageApp(
  { loaded, plan, writer }: { loaded: LoadedConfig; plan: BuildPlan; writer: ContextWriter },
  session: Session,
): Promise<{ files: number; bytes: number }> {
  const size = { files: 0, bytes: 0 };
  const notes: PathNote[] = [];
  for (const tree of await contextTrees(loaded, plan)) {
    const staged = await stageTree({ ...tree, writer, signal: session.signal });
    size.files += staged.files;
    size.bytes += staged.bytes;
    notes.push(...staged.notes);
  }
  reportNotes(notes, session.report);
  return size;
}

interface Staging {
  loaded: LoadedConfig;
  plan: BuildPlan;
  source: Source;
  writer: ContextWriter;
  builder: BuilderKind;
  assembled: boolean;
  inputs: CommandInputs;
}

/** @returns the Dockerfile that is to be built */
async function writeGenerated(
  { loaded, plan, source, writer, builder, assembled, inputs }: Staging,
  session: Session,
): Promise<string> {
  const own = plan.dockerfile.file;
  const texts = {
    own: own === null ? "" : (readAppFile(loaded.root, own) ?? ""),
    shipped: DOCKERFILES,
  };
  const engine = await session.engine();
  const plain = dockerfileText(plan, { builder, assembled }, texts);
  const withInputs = (text: string) => inputs.dockerfile(text);
  const way = { builder, assembled, withInputs, cacheKey: await cacheKey(loaded) };
  const text = dockerfileText(plan, way, texts);
  const named = withImageNames(text, (image) => engine.nameOf(image));
  const used = addNetworkSettings(named, { plan, inputs });
  // What a package copies into its image says nothing of how that was built.
  const isApart = plan.dockerfile.kind === "package" && used !== plain;
  const files = {
    Dockerfile: isApart ? plain : used,
    // What the app's own leaves out is not here: a builder would compare each path once more.
    ".dockerignore": "",
    [NORMALIZED_CONFIG_FILE]: formatConfig(plan.config),
    ...(await stageLayers({ loaded, plan, source, writer, builder }, session)),
  };
  for (const [name, content] of Object.entries(files)) writer.write(name, content);
  if (!isApart) return join(writer.folder, "Dockerfile");
  const apart = join(dirname(writer.folder), "Dockerfile.used");
  writeFileSync(apart, used, { flag: "wx" });
  return apart;
}

/** Four spaces and raw UTF-8: the orchestrator reads it with a YAML parser (no tabs). */
function formatConfig(config: BuildPlan["config"]): string {
  return `${JSON.stringify(config, null, 4)}\n`;
}

/** A Dockerfile is left as it is where there is no secret to hand over. */
function addNetworkSettings(
  dockerfile: string,
  { plan, inputs }: Pick<Staging, "plan" | "inputs">,
): string {
  if (inputs.given.secrets.length === 0) return dockerfile;
  const isOurs = plan.dockerfile.kind === "default";
  return isOurs ? withNetworkSettings(dockerfile) : withNetworkSettings(dockerfile, runsAgent);
}
