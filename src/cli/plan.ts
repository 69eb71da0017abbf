/** `plan`, as text and as JSON. */
import { appSource } from "../context/app-source.ts";
import { NuaError } from "../lib/errors.ts";
import type { BuildPlan } from "../plan/build-plan.ts";
import { formatPlan } from "../plan/format-plan.ts";
import { withCredentials } from "../session/session.ts";
import { loadConfigStep } from "../steps/load-config.ts";
import { openAppStep } from "../steps/open-app.ts";
import { placesIn, readPlan } from "../steps/plan-build.ts";
import { planOptions } from "../steps/plan-options.ts";
import { resolveRuntimesStep } from "../steps/resolve-runtimes.ts";
import { sourceStep } from "../steps/source.ts";
import {
  BASE_ARGS,
  COMMON_ARGS,
  defineCommand,
  NETWORK_ARGS,
  OFFLINE_ARGS,
  PLAN_ARGS,
} from "./command.ts";

export const planCommand = defineCommand({
  meta: {
    name: "nua-build plan",
    description: "Print every command of a build and what decided it; no engine is needed",
  },
  words: "[PATH]",
  args: {
    strict: { type: "boolean", description: "Unknown keys of the configuration are errors" },
    ...PLAN_ARGS,
    ...OFFLINE_ARGS,
    ...BASE_ARGS,
    ...NETWORK_ARGS,
    ...COMMON_ARGS,
  },
  async run(args, data) {
    await using app = await openAppStep.run({ path: data.words[0] ?? "." }, data.session);
    const options = { ...app, strict: args.strict === true };
    const loaded = await loadConfigStep.run(options, data.session);
    const session = withCredentials(data.session, loaded.credentials);
    await using source = await sourceStep.run(loaded, session).catch((error) => {
      session.signal.throwIfAborted();
      if (appSource(loaded).source.kind === "folder" || !isOutOfReach(error)) throw error;
      session.report.warn(
        `${error.message}; what is found in the source is not in this plan, and the build will read it`,
      );
      return undefined;
    });
    const runtimes = await resolveRuntimesStep.run({ loaded, source, look: "kept" }, session);
    const plan = readPlan(loaded, source, {
      ...{ runtimes, options: planOptions(session.settings, loaded) },
      placeOf: placesIn(loaded),
    });
    data.print(args.json ? formatPlanJson(plan) : formatPlan(plan));
  },
});

/**
 * The plan with sorted keys, so that two of them can be compared line by line. The fields in which
 * braces are formatted stand at the top, under their names in the configuration.
 */
export function formatPlanJson({ formatted, ...plan }: BuildPlan): string {
  const named = {
    "src-url": formatted.srcUrl,
    "git-url": formatted.gitUrl,
    "git-branch": formatted.gitUrl === "" ? "" : formatted.gitBranch,
    "wrap-image": plan.method === "wrap" ? formatted.baseImage : "",
    project: formatted.project,
    builder: formatted.builder,
    "build-commands": formatted.build.filter((line) => line !== ""),
  };
  const given = Object.entries(named).filter(([, value]) => value !== "" && value !== undefined);
  const all = { ...plan, ...Object.fromEntries(given) };
  return JSON.stringify(all, (_key, value) => sortKeys(value), 2);
}

// --- internal ---

/** The configuration alone tells something, too: a plan is asked for where nothing can be built. */
function isOutOfReach(error: unknown): error is NuaError {
  return error instanceof NuaError && ["transient", "engine"].includes(error.code);
}

function sortKeys(value: unknown): unknown {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
