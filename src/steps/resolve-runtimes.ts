/** Chooses what an app is built and run with: which versions there are, and upon which Linux base. */
import { join } from "node:path";
import { chooseRuntimes, listedRuntimes, type RuntimeInput } from "../bases/choose-runtimes.ts";
import { findLinuxes, type LinuxFacts, linuxOptions } from "../bases/linux-facts.ts";
import { UnavailableVersion } from "../bases/unavailable-version.ts";
import { heldVersions, keptVersionList, readVersionList } from "../bases/version-lists.ts";
import type { LoadedConfig } from "../config/loaded-config.ts";
import { readFolderFacts } from "../context/folder-facts.ts";
import type { ChosenRuntimes, RequestedRuntime, Runtime } from "../languages/runtime.ts";
import { NuaError } from "../lib/errors.ts";
import { appRuntimes } from "../plan/requested-runtimes.ts";
import { formatOrigin } from "../protocol/planned-action.ts";
import type { Session } from "../session/session.ts";
import { SETTINGS } from "../session/settings.ts";
import type { Source } from "../source/source.ts";
import { type SourceTree, subtree } from "../source/source-tree.ts";
import { type PlanSettings, planOptions } from "./plan-options.ts";
import type { Step } from "./step.ts";

export interface RuntimesFrom {
  loaded: LoadedConfig;
  /** Undefined where it would have to be fetched: then only the configuration is known. */
  source: Source | undefined;
  /** How far it is looked: what is kept of earlier looks, or registry and engine as well. */
  look: "kept" | "everywhere";
  /** Whether what is kept does not count. */
  pull?: boolean;
}

/**
 * @throws NuaError (config) for a version that the configuration names and that cannot be had,
 *   (input) for one that the app's files ask for
 */
export const resolveRuntimesStep: Step<RuntimesFrom, ChosenRuntimes> = {
  name: "resolve-runtimes",
  async run(from, session) {
    const input = inputOf(from, session);
    const chosen =
      from.look === "kept"
        ? await chooseFromKept(from, input, session)
        : await choose(from, input, session);
    for (const warning of chosen.warnings) session.report.warn(warning);
    return chosen;
  },
};

/** The same where nobody looks anywhere, and nothing is configured. */
export function assumeRuntimes(loaded: LoadedConfig, source: Source | undefined): ChosenRuntimes {
  const from: RuntimesFrom = { loaded, source, look: "kept" };
  const fallbacks = SETTINGS.map(({ name, fallback }) => [name, fallback]);
  const settings = Object.fromEntries(fallbacks) as LinuxSettings;
  return explained(from, { ...inputOf(from, { settings }), lists: {} });
}

// --- internal ---

type LinuxSettings = Pick<Session["settings"], "linuxBase" | "linuxBases"> & PlanSettings;

type Asked = Omit<RuntimeInput, "lists" | "held">;

function inputOf(
  { loaded, source }: RuntimesFrom,
  { settings }: { settings: LinuxSettings },
): Asked {
  const { build } = loaded.config;
  const key = build?.builder ? "builder" : "builders";
  return {
    requests: requestsOf({ loaded, source }, settings),
    builder: loaded.fields.builder,
    builderFrom: { what: `build.${key}` },
    linux: linuxOptions(settings, build?.["linux-base"] ?? ""),
  };
}

/** Part by part: what only builds, or serves nothing, is not in the image. */
function requestsOf(
  { loaded, source }: Pick<RuntimesFrom, "loaded" | "source">,
  settings: PlanSettings,
): RequestedRuntime[] {
  const { config, rendered, fields } = loaded;
  return appRuntimes({
    ...{ config, rendered, fields, facts: readFolderFacts(loaded, source) },
    ...{ drafted: new Map(), placeOf: () => undefined, options: planOptions(settings, loaded) },
  });
}

function treeOf(source: Source | undefined): SourceTree | undefined {
  return source === undefined ? undefined : subtree(source.tree, source.dir);
}

async function chooseFromKept(
  from: RuntimesFrom,
  asked: Asked,
  session: Session,
): Promise<ChosenRuntimes> {
  const linux = { ...asked.linux, ...(await findLinuxes(session, { look: false })) };
  const wanted = listedOf(from, { ...asked, linux });
  const lists = await Promise.all(
    wanted.map(async (one) => [one.language, await keptVersionList(one, session)] as const),
  );
  return explained(from, { ...asked, linux, lists: Object.fromEntries(lists) });
}

async function choose(from: RuntimesFrom, asked: Asked, session: Session): Promise<ChosenRuntimes> {
  const { pull: refresh = false } = from;
  const isAsked = asked.requests.length > 0 || asked.builder !== undefined;
  let facts: LinuxFacts = isAsked
    ? await findLinuxes(session, { look: true, refresh })
    : { refused: {} };
  for (;;) {
    const input = { ...asked, linux: { ...asked.linux, ...facts } };
    const wanted = listedOf(from, input);
    const lists = await Promise.all(
      wanted.map(
        async (one) => [one.language, await readVersionList(one, session, { refresh })] as const,
      ),
    );
    const chosen = await withHeld(
      from,
      { ...input, lists: Object.fromEntries(lists) },
      wanted,
      session,
    );
    const { linuxBase } = chosen;
    if (linuxBase === null || asked.linux.fixed !== undefined) return chosen;
    const next = await facts.refuse?.(linuxBase);
    if (next === undefined) {
      const told = chosen.decisions.find(({ what }) => what.endsWith(` ${linuxBase}`));
      session.report.step(`Linux base ${linuxBase}: ${told?.because ?? ""}`);
      return chosen;
    }
    facts = next;
  }
}

/** Where there is no list, what the engine has may do. */
async function withHeld(
  from: RuntimesFrom,
  input: RuntimeInput,
  wanted: readonly Runtime[],
  session: Session,
): Promise<ChosenRuntimes> {
  const lacking = wanted.filter(({ language }) => input.lists[language] === undefined);
  if (lacking.length === 0) return explained(from, input);
  const linux = explained(from, input).linuxBase;
  const held = await Promise.all(
    lacking.map(async (one) => [one.language, await heldVersions(one, linux, session)] as const),
  );
  return explained(from, { ...input, held: Object.fromEntries(held) });
}

function listedOf(from: RuntimesFrom, asked: Asked): Runtime[] {
  return explain(from, () => listedRuntimes(asked));
}

function explained(from: RuntimesFrom, input: RuntimeInput): ChosenRuntimes {
  return explain(from, () => chooseRuntimes(input));
}

function explain<Result>({ loaded, source }: RuntimesFrom, decide: () => Result): Result {
  try {
    return decide();
  } catch (error) {
    if (!(error instanceof UnavailableVersion)) throw error;
    const { message, hint, from, isNamed } = error;
    if (isNamed) {
      const position = loaded.locate(from.what.split("."));
      const file = loaded.file ?? undefined;
      throw new NuaError("config", message, { file, position, hint, cause: error });
    }
    const place = placeOf(formatOrigin(from), { loaded, source });
    throw new NuaError("input", message, { ...place, hint, cause: error });
  }
}

/** The file of the app that an origin names, with its line. */
function placeOf(origin: string, { loaded, source }: Pick<RuntimesFrom, "loaded" | "source">) {
  const [, path = "", line] = /^([^\s:,(]+)(?::(\d+))?/.exec(origin) ?? [];
  if (treeOf(source)?.has(path) !== true) return {};
  const position = line === undefined ? {} : { position: { line: Number(line), column: 1 } };
  return { file: join(loaded.root, source?.dir ?? "", path), ...position };
}
