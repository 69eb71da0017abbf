/** Pure: the stages of our Dockerfiles: which of their parts a plan has, and what each starts from. */
import { type BuilderKind, mountsFaithfully } from "../engine/builder-kind.ts";
import type { BuildPlan } from "../plan/build-plan.ts";
import type { LayersPlan } from "../plan/layers.ts";
import { withPackageCaches } from "./caches.ts";

export type StagesPlan = Pick<BuildPlan, "images" | "packed" | "command" | keyof LayersPlan>;

/** Arguments of our Dockerfiles: images, and names of stages that others start from. */
export function stageArguments(plan: StagesPlan): Record<string, string> {
  const { base, buildBase, builder } = plan.images;
  const lower = isApart(plan) ? "build" : "packages";
  const stages = {
    ...{ here: lower, below: "dependencies", pruned: "development", build: "development" },
  };
  return {
    nua_builder_tag: builder ?? "",
    nua_base_tag: base,
    nua_build_base_tag: buildBase,
    nua_lower_stage: lower,
    nua_dependencies_stage: plan.dependencies === "pruned" ? "development" : lower,
    nua_app_stage: stages[plan.dependencies],
  };
}

/**
 * Our Dockerfile for an app without the parts that its plan has not; a part begins with `# [NAME]`.
 * @param way.assembled whether nua-build puts the image together itself
 */
export function selectParts(
  text: string,
  plan: StagesPlan,
  { builder, assembled }: { builder: BuilderKind; assembled: boolean },
): string {
  const names = partNames(plan, { builder, assembled });
  const isJoined = names.has("image");
  const parts = text.split(/^(?=# \[\w+\])/m).flatMap((part) => {
    const [, name] = /^# \[(\w+)\]/.exec(part) ?? [];
    if (name !== undefined && !names.has(name)) return [];
    const isPacked = assembled || (isJoined && name !== "packages");
    return [isPacked ? part : part.replaceAll("NUA_PACK=1 ", "")];
  });
  const all = withPackageCaches(parts.join(""));
  const mounted = plan.dependencies === "pruned" ? all.replaceAll("# [pruned] ", "") : all;
  return `${withCommand(mounted, plan)}${names.has("kept") ? copiesOf(plan) : ""}`;
}

// --- internal ---

/** Whether the app is built upon another image than it runs upon. */
function isApart({ images: { base, buildBase } }: StagesPlan): boolean {
  return base !== buildBase;
}

function partNames(
  plan: StagesPlan,
  { builder, assembled }: { builder: BuilderKind; assembled: boolean },
): Set<string> {
  const layers = plan.layers.map(({ name }) => name);
  if (!mountsFaithfully(builder)) return new Set(plan.packed.keep === null ? [] : ["kept"]);
  const hasPackages = layers.includes("packages");
  const isJoined = (isApart(plan) || layers.includes("development")) && !assembled;
  const isBelow = layers.includes("dependencies") && plan.packed.keep === null;
  return new Set<string>([
    ...layers,
    ...(assembled ? ["layers"] : []),
    ...(isApart(plan) ? ["build"] : []),
    ...(isApart(plan) && hasPackages ? ["buildpackages"] : []),
    ...(isJoined ? ["image", "imageapp"] : []),
    ...(isJoined && isBelow ? ["imagedependencies"] : []),
  ]);
}

function withCommand(text: string, { command }: StagesPlan): string {
  if (command === null) return text;
  return text.replaceAll(/^CMD .*$/gm, () => `CMD ${JSON.stringify(command)}`);
}

/** Everything that user nua may read belongs to it: that builder hands on no owners. */
function copiesOf({ packed: { keep }, command }: StagesPlan): string {
  const copies = (keep ?? []).map(
    (path) => `COPY --from=app --chown=nua:nua ${JSON.stringify([path, path])}\n`,
  );
  return `${copies.join("")}${command === null ? "" : `CMD ${JSON.stringify(command)}\n`}`;
}
