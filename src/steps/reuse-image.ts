/** Reuses the image of the last build if nothing has changed. */
import type { LoadedConfig } from "../config/loaded-config.ts";
import { newContextName } from "../engine/context-name.ts";
import type { ImageFacts } from "../engine/image-facts.ts";
import { readBuildInputs } from "../incremental/build-inputs.ts";
import { isUnchanged, layerChanges } from "../incremental/changes.ts";
import { readContextName, storeContextName } from "../incremental/context-name.ts";
import {
  type BuildInputs,
  type BuildRecord,
  readRecord,
  writeRecord,
} from "../incremental/record.ts";
import type { BuildPlan } from "../plan/build-plan.ts";
import type { AppLayer } from "../protocol/agent-input.ts";
import type { Session } from "../session/session.ts";
import type { Source } from "../source/source.ts";
import type { BuiltImage } from "./build-image.ts";
import type { Step } from "./step.ts";

/** What is known of the app's last build on this machine. */
export interface EarlierBuild {
  /** What the build is made from now; undefined when that cannot be told without doing it. */
  inputs: BuildInputs | undefined;
  record: BuildRecord | undefined;
  /** The image that has the app's tag. */
  tagged: ImageFacts | undefined;
  /** Whether the engine still has the image that came out of it. */
  isHeld: boolean;
  /** The image, when the engine has it still and nothing has changed since; else null. */
  image: BuiltImage | null;
  /** See context-name.ts; empty where there is nothing to send. */
  contextName: string;
}

/** Sees whether anything has changed since the image was built; if not, it need not be again. */
export const reuseImageStep: Step<
  {
    loaded: LoadedConfig;
    plan: BuildPlan;
    source: Source;
    epoch: number | null;
    noCache: boolean;
    /** What steps before this one have told: it is not told twice. */
    noted: readonly string[];
  },
  EarlierBuild
> = {
  name: "reuse-image",
  async run({ loaded, plan, source, epoch, noCache, noted }, session) {
    const { tag } = plan;
    const engine = await session.engine();
    const record = await readRecord(loaded.place, tag);
    const known = noCache ? undefined : record?.inputs;
    const [inputs, image] = await Promise.all([
      readBuildInputs({ loaded, plan, source, epoch, known }, session),
      engine.findImage(tag),
    ]);
    const isHeld = record !== undefined && image?.id === record.imageId;
    const isSame = !noCache && inputs !== undefined && isHeld && isUnchanged(record.inputs, inputs);
    if (!isSame) {
      const app = { place: loaded.place, tag };
      const before = noCache ? undefined : record;
      const contextName = await readContextName(app, { inputs, record: before });
      return { inputs, record, tagged: image, isHeld, image: null, contextName };
    }
    session.report.step(`Nothing has changed since ${tag} was built`);
    // What had to be read need not be the next time.
    if (inputs.files !== record.inputs.files) {
      await remember(loaded.place, tag, { ...record, inputs }, session);
    }
    const { warnings } = record;
    const untold = warnings.filter(({ text }) => !noted.includes(text));
    for (const { text } of untold) session.report.warn(text);
    const reused = { tag, ...image, steps: [], warnings };
    return { inputs, record, tagged: image, isHeld, image: reused, contextName: "" };
  },
};

/** Where nothing of it counts. */
export function noEarlierBuild(): EarlierBuild {
  const nothing = { inputs: undefined, record: undefined, tagged: undefined, image: null };
  return { ...nothing, isHeld: false, contextName: newContextName() };
}

/** The layers of the plan whose inputs are those of the last build, and of all layers below. */
export function unchangedLayers(
  { layers }: BuildPlan,
  { inputs, record, isHeld }: EarlierBuild,
): ReadonlySet<AppLayer> {
  if (inputs === undefined || record === undefined || !isHeld) return new Set();
  const changed = layers.findIndex(
    (layer) => layerChanges(record.inputs, inputs, layer).length > 0,
  );
  const same = changed < 0 ? layers : layers.slice(0, changed);
  return new Set(same.map(({ name }) => name));
}

/** For the next build. It is worth less than the image: a folder that cannot be written is no error. */
export const rememberInputsStep: Step<
  {
    loaded: LoadedConfig;
    earlier: EarlierBuild;
    image: BuiltImage;
    /** What was told beside the agent's own warnings. */
    noted: readonly string[];
  },
  void
> = {
  name: "remember-inputs",
  async run({ loaded, earlier: { inputs, contextName }, image, noted }, session) {
    if (inputs === undefined) return;
    const warnings = [...noted.map((text) => ({ layer: "", text })), ...image.warnings];
    const record = { inputs, imageId: image.id, contextName, warnings };
    await remember(loaded.place, image.tag, record, session);
    await storeContextName(loaded.place, image.tag, contextName).catch(() => {});
  },
};

// --- internal ---

async function remember(place: string, tag: string, record: BuildRecord, session: Session) {
  await writeRecord(place, tag, record).catch((cause) => {
    session.report.detail(`What ${tag} was built from is not remembered: ${String(cause)}`);
  });
}
