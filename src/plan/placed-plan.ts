/** Pure: the plan of a language in a sub-folder, with paths as the whole app has them. */
import type { LanguagePlan } from "../languages/language.ts";
import { NuaError } from "../lib/errors.ts";
import type { Origin, PlannedCommand } from "../protocol/planned-action.ts";

/** @param dir relative to the app's source; empty for its top */
export function placePlan(plan: LanguagePlan, dir: string): LanguagePlan {
  if (dir === "") return plan;
  const origin = (from: Origin): Origin => ({ ...from, what: `${dir}/${from.what}` });
  const command = (one: PlannedCommand): PlannedCommand => {
    if (one.kind === "warn") return { ...one, text: `${dir}: ${one.text}` };
    if (one.kind === "run") return one.from ? { ...one, from: origin(one.from) } : one;
    if (one.kind === "install-packages") {
      return one.from ? { ...one, from: one.from.map(origin) } : one;
    }
    return one;
  };
  const { prune, tidy, start, site, runPackages, onlyForBuild, needs } = plan;
  const { decisions, warnings, lookedFor } = plan;
  return {
    ...plan,
    packages: plan.packages.map(command),
    install: plan.install.map(command),
    build: plan.build.map(command),
    ...(prune && { prune: prune.map(command) }),
    ...(tidy && { tidy: tidy.map(command) }),
    ...(runPackages && {
      runPackages: runPackages.map((one) => ({ ...one, from: origin(one.from) })),
    }),
    ...(start && {
      start: { ...start, from: origin(start.from), dir: joinPath(dir, start.dir ?? ".") },
    }),
    ...(site && {
      site: { ...site, from: origin(site.from), folder: joinPath(dir, site.folder) },
    }),
    ...(onlyForBuild && { onlyForBuild: onlyForBuild.map((path) => joinPath(dir, path)) }),
    ...(needs && { needs: needs.map((path) => joinPath(dir, path)) }),
    ...(decisions && {
      decisions: decisions.map((one) => ({ ...one, from: origin(one.from) })),
    }),
    ...(warnings && { warnings: warnings.map((text) => `${dir}: ${text}`) }),
    ...(lookedFor && { lookedFor: lookedFor.map((what) => `${dir}/${what}`) }),
  };
}

/** Errors about files of the folder name them as the whole app does. */
export function inFolder<Result>(dir: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (dir === "" || !(error instanceof NuaError) || error.file === undefined) throw error;
    const { code, message, hint, position, step, file } = error;
    const named = message.replace(`"${file}"`, `"${dir}/${file}"`);
    const details = { hint, position, step, cause: error };
    throw new NuaError(code, named, { ...details, file: `${dir}/${file}` });
  }
}

/** Both relative, either of them perhaps empty. */
export function joinPath(dir: string, path: string): string {
  const inner = path.replace(/^(\.\/)+|\/+$/g, "");
  if (inner === "" || inner === ".") return dir;
  return dir === "" ? inner : `${dir}/${inner}`;
}

// --- internal ---
