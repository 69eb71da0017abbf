import { archiveFiles } from "../archive/write-archive.ts";
import { type BuildResult, build } from "../build.ts";
import { formatBytes, formatSeconds } from "../format.ts";
import { explainCache } from "../inputs/explain.ts";
import { chooseEpoch } from "../reproducible/epoch.ts";
import { ensureOutputFolder, STANDARD_OUTPUT } from "../transfer/target.ts";
import { ARCHIVE_ARGS, archiveOptions } from "./archive-args.ts";
import { checkPaths } from "./check.ts";
import {
  BASE_ARGS,
  COMMON_ARGS,
  type CommandData,
  defineCommand,
  REPRODUCIBLE_ARGS,
  SURROUNDINGS_ARGS,
} from "./command.ts";

export const buildCommand = defineCommand({
  meta: {
    name: "nua-build",
    description: "Build an app into an image and save it as an archive that Nua deploys",
  },
  words: "[PATH…]",
  args: {
    save: { type: "boolean", alias: "s", default: true, description: "Write the archive" },
    time: { type: "boolean", alias: "t", description: "Print the seconds of each step" },
    validate: { type: "boolean", description: "Check the configuration only" },
    strict: { type: "boolean", description: "Unknown keys of the configuration are errors" },
    version: { type: "boolean", alias: "V", description: "Print the version" },
    "no-cache": { type: "boolean", description: "Do every step anew" },
    pull: { type: "boolean", description: "Pull images that the engine has already, too" },
    "explain-cache": { type: "boolean", description: "Tell of each layer why it was made anew" },
    ...REPRODUCIBLE_ARGS,
    ...ARCHIVE_ARGS,
    ...BASE_ARGS,
    ...SURROUNDINGS_ARGS,
    ...COMMON_ARGS,
  },
  async run(args, data) {
    const paths = data.words.length === 0 ? ["."] : data.words;
    if (args.validate)
      return checkPaths(paths, { strict: args.strict === true, data, json: args.json === true });
    const results: BuildResult[] = [];
    const { sourceDateEpoch } = data.world.settings;
    const epoch = chooseEpoch(sourceDateEpoch, args.reproducible === true);
    const archive = args.save ? archiveOptions(args) : null;
    if (archive !== null) await ensureOutputFolder(data.world.settings.output);
    for (const path of paths) {
      const options = {
        ...{ path, archive, epoch, strict: args.strict === true },
        noCache: args["no-cache"] === true,
        pull: args.pull === true,
      };
      results.push(await build(options, data.world));
    }
    if (args["explain-cache"]) for (const result of results) explain(result, data);
    printResults(results, { data, json: args.json === true, time: args.time === true });
  },
});

// --- internal ---

function explain(result: BuildResult, data: CommandData): void {
  const { tag } = result.image;
  for (const line of explainCache(result)) data.world.report.step(`${tag}: ${line}`);
}

function printResults(
  results: readonly BuildResult[],
  options: { data: CommandData; json: boolean; time: boolean },
): void {
  const { data, json } = options;
  const { report } = data.world;
  const all = results.flatMap((result) => [...result.subApps, result]);
  for (const result of all) {
    report.step(summary(result));
    if (options.time || data.verbosity >= 1) report.step(timing(result));
  }
  // Standard output holds the archive.
  if (all.some(({ archive }) => archive?.file === STANDARD_OUTPUT)) return;
  if (json) {
    const reports = results.map(resultReport);
    data.print(JSON.stringify(reports.length === 1 ? reports[0] : { ok: true, builds: reports }));
    return;
  }
  for (const { image, archive } of all) {
    if (data.verbosity >= 0 || archive === null) data.print(image.tag);
    if (archive !== null) for (const file of archiveFiles(archive)) data.print(file);
  }
}

function summary({ image, archive }: BuildResult): string {
  const saved = archive === null ? "" : `, archive ${formatBytes(archive.bytes)}`;
  return `Built ${image.tag}: image ${formatBytes(image.bytes)}${saved}`;
}

function timing({ seconds }: BuildResult): string {
  const total = Object.values(seconds).reduce((sum, value) => sum + value, 0);
  const steps = Object.entries(seconds).map(([name, value]) => `${name} ${formatSeconds(value)}`);
  return `Build time (clock): ${formatSeconds(total)} (${steps.join(", ")})`;
}

function resultReport(result: BuildResult): Record<string, unknown> {
  const { plan, image, archive, subApps, seconds } = result;
  return {
    ok: true,
    ...(subApps.length === 0 ? {} : { subApps: subApps.map(resultReport) }),
    tag: image.tag,
    id: image.id,
    bytes: image.bytes,
    labels: plan.labels,
    archive: archive === null ? null : { ...archive },
    seconds,
  };
}
