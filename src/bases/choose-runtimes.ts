/** Pure: which runtimes an app gets, in which versions, and upon which Linux base. */
import type {
  ChosenRuntime,
  ChosenRuntimes,
  Runtime,
  RuntimeDecision,
} from "../languages/runtime.ts";
import { DEFAULT_RUNTIME, RUNTIMES, runtimeOf } from "../languages/runtimes.ts";
import { formatOrigin } from "../protocol/planned-action.ts";
import { chooseLinux, hasPackages, type LinuxChoice, type LinuxOptions } from "./choose-linux.ts";
import {
  type ChosenVersion,
  chooseVersion,
  type HeldVersion,
  needsList,
  type VersionOptions,
} from "./choose-version.ts";
import { collectWishes, type Wish, type WishInput } from "./runtime-wishes.ts";

export interface RuntimeInput extends WishInput {
  linux: LinuxOptions;
  /** The versions that there are, by language; of one that is not there nobody has looked. */
  lists: Readonly<Record<string, readonly string[] | undefined>>;
  /** Where there is no list: the versions that the engine has base images of. */
  held?: Readonly<Record<string, readonly HeldVersion[]>>;
}

/** Runtimes whose versions have to be listed, so that it can be decided. */
export function listedRuntimes(input: Omit<RuntimeInput, "lists">): Runtime[] {
  const { wishes } = collectWishes(input);
  const linux = chooseLinux(wishes, input.linux);
  return wishes.flatMap((wish) => {
    const runtime = runtimeOf(wish.language);
    if (!needsList(runtime, wish)) return [];
    return hasPackages(wish, linux.is) && runtime.rules?.prefersDistribution ? [] : [runtime];
  });
}

/**
 * @throws UnavailableVersion for a version that cannot be had
 * @throws UnknownRuntime for a builder that there is not
 */
export function chooseRuntimes(input: RuntimeInput): ChosenRuntimes {
  const { wishes, warnings } = collectWishes(input);
  const linux = chooseLinux(wishes, input.linux);
  const chosen = wishes.map((wish) => {
    const runtime = runtimeOf(wish.language);
    const { language } = wish;
    const options = { linux, list: input.lists[language], held: input.held?.[language] };
    return { wish, ...choose(runtime, wish, options) };
  });
  const used = (use: Wish["use"]) =>
    chosen.filter(({ wish }) => wish.use === use).map(({ runtime }) => runtime);
  const run = used("run");
  return {
    run: run.length === 0 ? [DEFAULT_RUNTIME] : run,
    build: used("build"),
    linuxBase: linux.other,
    versions: { ...ownVersions(linux), ...Object.fromEntries(chosen.flatMap(versionOf)) },
    decisions: [...linux.decisions, ...chosen.flatMap(({ decision }) => decision ?? [])],
    warnings: [
      ...warnings,
      ...chosen.flatMap(contradictions),
      ...chosen.flatMap(({ warning }) => warning ?? []),
    ],
  };
}

// --- internal ---

interface Chosen {
  runtime: ChosenRuntime;
  ignored?: Wish["ranges"];
  warning?: string | undefined;
  decision?: RuntimeDecision;
}

function choose(runtime: Runtime, wish: Wish, options: VersionOptions): Chosen {
  const { language } = runtime;
  // Named by a name of its own, or there is only one.
  if (wish.version !== undefined) return { runtime: { language, version: wish.version } };
  if (runtime.rules === undefined) return { runtime: { language } };
  const found = chooseVersion(runtime, wish, options);
  if (found.version === undefined) return told(wish, { language }, found);
  const { version, warning, ignored = [] } = found;
  return { ...told(wish, { language, version }, found), ignored, warning };
}

function contradictions({ wish, ignored = [] }: Chosen & { wish: Wish }): string[] {
  const [first] = wish.ranges;
  return ignored.map(({ range, from }) => {
    const counts = `${formatOrigin(first!.from)}, which counts, for "${first!.range}"`;
    return `${formatOrigin(from)} asks for ${wish.language} "${range}", and ${counts}`;
  });
}

/** What `build.builder` names is a decision already. */
function told(wish: Wish, runtime: ChosenRuntime, found?: ChosenVersion): Chosen {
  const [first] = wish.ranges;
  const from = first?.from ?? wish.from;
  const is = found?.version ?? found?.exact;
  const what = [wish.use === "build" ? "for the build" : "", runtime.language, is ?? ""];
  const because =
    first === undefined
      ? `${formatOrigin(from)}; none asks for a version`
      : `${formatOrigin(from)} asks for "${first.range}"`;
  if (wish.isNamed && first === undefined) return { runtime };
  return {
    runtime,
    decision: {
      what: what.filter((word) => word !== "").join(" "),
      because: found?.note === undefined ? because : `${because}; ${found.note}`,
      from,
    },
  };
}

function versionOf({ runtime: { language, version } }: Chosen): [string, string][] {
  return version === undefined ? [] : [[language, version]];
}

/** What every image upon that Linux base has. */
function ownVersions({ is }: LinuxChoice): Record<string, string> {
  const all = RUNTIMES.filter(({ everywhere }) => everywhere).map(
    ({ language, distribution }) => [language, [distribution?.[is ?? ""]].flat()[0]] as const,
  );
  return Object.fromEntries(all.filter(([, version]) => version !== undefined)) as Record<
    string,
    string
  >;
}
