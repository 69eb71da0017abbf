/** `nua-build [PATH…]`. */
import type { ArgsDef, ParsedArgs } from "citty";
import { build } from "../build.ts";
import { buildMany, parseJobs } from "../build-many.ts";
import { chooseEpoch } from "../images/reproducible/epoch.ts";
import { ensureOutputFolder } from "../images/transfer/target.ts";
import type { BuildOptions } from "../options.ts";
import { ARCHIVE_ARGS, archiveOptions } from "./archive-args.ts";
import { checkPaths } from "./check.ts";
import {
  BASE_ARGS,
  BUILDER_ARGS,
  COMMON_ARGS,
  type CommandData,
  defineCommand,
  NETWORK_ARGS,
  OFFLINE_ARGS,
  PLAN_ARGS,
  REPRODUCIBLE_ARGS,
} from "./command.ts";
import { printOutcomes, printResult } from "./print-results.ts";

const BUILD_ARGS = {
  save: { type: "boolean", alias: "s", default: true, description: "Write the archive" },
  time: { type: "boolean", alias: "t", description: "Print the seconds of each step" },
  validate: { type: "boolean", description: "Check the configuration only" },
  strict: { type: "boolean", description: "Unknown keys of the configuration are errors" },
  version: { type: "boolean", alias: "V", description: "Print the version" },
  cache: { type: "boolean", default: true, description: "Reuse what there is; --no-cache: not" },
  jobs: { type: "string", alias: "j", description: "How many apps to build at once" },
  pull: { type: "boolean", description: "Pull images that the engine has already, too" },
  bundle: {
    type: "string",
    description: "Build without a network, from a bundle; again for one on top of it",
  },
  "explain-cache": { type: "boolean", description: "Tell of each layer why it was made anew" },
  ...PLAN_ARGS,
  ...REPRODUCIBLE_ARGS,
  ...ARCHIVE_ARGS,
  ...BUILDER_ARGS,
  ...OFFLINE_ARGS,
  ...BASE_ARGS,
  ...NETWORK_ARGS,
  ...COMMON_ARGS,
} as const satisfies ArgsDef;

export const buildCommand = defineCommand({
  meta: {
    name: "nua-build",
    description: "Build an app into an image and save it as an archive that Nua deploys",
  },
  words: "[PATH…]",
  args: BUILD_ARGS,
  async run(args, data) {
    const paths = data.words.length === 0 ? ["."] : data.words;
    if (args.validate)
      return checkPaths(paths, { strict: args.strict === true, data, json: args.json === true });
    const bundles = data.values("bundle");
    if (bundles.length === 0)
      return buildApps(
        paths.map((path) => ({ path })),
        args,
        data,
      );
    // Not loaded for builds that have a network.
    const { openReplay } = await import("../airgap/replay/open-replay.ts");
    data.begin();
    await using replay = await openReplay(bundles, data.session);
    const named = data.words.map((path) => ({ path }));
    const apps = named.length > 0 ? named : replay.apps;
    await buildApps(apps, args, { ...data, session: replay.session });
  },
});

// --- internal ---

type Apps = readonly Pick<BuildOptions, "path" | "name">[];

async function buildApps(
  apps: Apps,
  args: ParsedArgs<typeof BUILD_ARGS>,
  data: CommandData,
): Promise<void> {
  const { settings } = data.session;
  const epoch = chooseEpoch(settings.sourceDateEpoch, args.reproducible === true);
  const archive = args.save ? archiveOptions(args) : null;
  if (archive !== null) await ensureOutputFolder(settings.output, apps.length);
  const options = {
    ...{ archive, epoch, strict: args.strict === true, jobs: parseJobs(args.jobs) },
    noCache: args.cache === false,
    pull: args.pull === true,
  };
  const printing = {
    ...{ data, json: args.json === true, time: args.time === true },
    explain: args["explain-cache"] === true,
  };
  const all = apps.map((app) => ({ ...options, ...app }));
  const [only] = all;
  if (all.length === 1 && only) return printResult(await build(only, data.session), printing);
  printOutcomes(await buildMany(all, options.jobs, data.session), printing);
}
