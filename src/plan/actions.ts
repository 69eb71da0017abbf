/** Pure: plans the actions of each layer, in order. */
import type { AppLayer } from "../protocol/agent-input.ts";
import { type PlannedAction, plannedRun } from "../protocol/planned-action.ts";
import { createParts } from "./action-parts.ts";
import type { ActionsInput } from "./actions-input.ts";

/** What is done for each layer; those that an app has not are empty. */
export function planActions(input: ActionsInput): Record<AppLayer, PlannedAction[]> {
  const { place, hasPackagesLayer } = input;
  const parts = createParts(input);
  const isApart = place !== "here";
  const installed = [
    ...[PLACE_CONTEXT, parts.makeFolders, parts.buildPackages, parts.metaPackages],
    ...[parts.pipBefore, parts.dependencies, CLEAN, FIX_OWNERS],
  ];
  return {
    packages: hasPackagesLayer ? complete([parts.runPackages, CLEAN]) : [],
    development: place === "pruned" || place === "build" ? complete(installed) : [],
    dependencies:
      place === "pruned"
        ? complete([parts.prune, parts.tidy, FIX_OWNERS])
        : complete(place === "below" ? installed : []),
    app: complete([
      PLACE_CONTEXT,
      parts.makeFolders,
      // System packages first: everything after may be compiled against them.
      hasPackagesLayer ? NOTHING : parts.runPackages,
      isApart ? NOTHING : parts.buildPackages,
      parts.source,
      isApart ? NOTHING : parts.metaPackages,
      parts.beforeBuild,
      isApart ? parts.pipAfter : parts.pipInstall,
      parts.build,
      // Without a test of the app's own nothing asks here for what is gone.
      input.work.test.length > 0 ? parts.prune : NOTHING,
      parts.tidy,
      // After the build: a test that passes must not owe it to a compiler that is about to go.
      CLEAN,
      // Over the build's results, so that the package has the last word.
      {
        name: "merge-folders",
        title: "Merge folders into /nua",
        commands: [{ kind: "merge-folders" }],
      },
      parts.site,
      parts.startScript,
      parts.metadata,
      FIX_OWNERS,
      parts.test,
    ]),
  };
}

/**
 * The same in one go, for a builder that makes no layers: what each of them would do again is done
 * once, and nothing is removed before its end.
 * @param leftOut folders that no layer would have: here they have to be removed
 */
export function wholeActions(
  layers: readonly { actions: readonly PlannedAction[] }[],
  leftOut: readonly string[] = [],
): PlannedAction[] {
  const all = layers
    .flatMap(({ actions }) => actions)
    .flatMap((one) => (one.name === "merge-folders" ? [...removal(leftOut), one] : [one]));
  const isFirst = (index: number) =>
    all.findIndex(({ name }) => name === all[index]!.name) === index;
  const isLast = (index: number) =>
    all.findLastIndex(({ name }) => name === all[index]!.name) === index;
  const once = all.filter(({ name }, index) => {
    if (ONCE_AT_FIRST.includes(name)) return isFirst(index);
    return ONCE_AT_LAST.includes(name) ? isLast(index) : true;
  });
  const first = EARLY.flatMap((early) => once.filter(({ name }) => name === early));
  const rest = once.filter(({ name }) => !EARLY.includes(name) && name !== PRUNE);
  const pruned = once.filter(({ name }) => name === PRUNE);
  const builtAt = rest.findLastIndex(({ name }) => name === "build" || name === "dependencies");
  return [...first, ...rest.toSpliced(builtAt + 1, 0, ...pruned)];
}

// --- internal ---

const NOTHING: PlannedAction = { name: "", title: "", commands: [] };

const PLACE_CONTEXT: PlannedAction = {
  name: "place-context",
  title: "Take the app's files",
  commands: [{ kind: "place-context" }],
};
const CLEAN: PlannedAction = {
  name: "remove-packages",
  title: "Remove what only the build needed",
  commands: [{ kind: "clean-packages" }],
};
const FIX_OWNERS: PlannedAction = {
  name: "fix-owners",
  title: "Hand the files to user nua",
  commands: [{ kind: "fix-owners" }],
};

/** Of layers it is done before the app is built; in one go, afterwards. */
const PRUNE = "prune";

const ONCE_AT_FIRST = ["place-context", "make-folders", "run-packages"];
const ONCE_AT_LAST = [PRUNE, "tidy", "remove-packages", "fix-owners"];

/** In one go these come before all others, in this order: a layer of dependencies needs them. */
const EARLY = ["place-context", "make-folders", "run-packages", "build-packages", "source"];

function removal(folders: readonly string[]): PlannedAction[] {
  if (folders.length === 0) return [];
  const commands = [plannedRun(["rm", "-rf", "--", ...folders])];
  return [{ name: "remove-left-out", title: "Remove what the image does without", commands }];
}

function complete(actions: readonly PlannedAction[]): PlannedAction[] {
  return actions.filter(({ commands }) => commands.length > 0);
}
