/** Sub-apps: providers of type "app", built from the same folder. */
import { takeCredentials } from "./credentials.ts";
import type { LoadedConfig } from "./loaded-config.ts";
import { normalizeConfig } from "./normalize.ts";
import { renderConfig } from "./rendered.ts";
import type { AppConfig } from "./schema.ts";
import type { Path } from "./source-map.ts";

export interface SubApp {
  /** Place in `provider`, counted from 0. */
  index: number;
  /** What its image holds: the main app's metadata with an id of its own. */
  config: AppConfig;
}

/** The id of a sub-app: that of the main app, and the provider's name. */
export function subAppId(mainId: string, name: string): string {
  return `${mainId}-${name.toLowerCase().replaceAll("_", "-")}`;
}

/** The sub-apps of a checked configuration, in its order. */
export function findSubApps(config: AppConfig): SubApp[] {
  return (config.provider ?? []).flatMap((provider, index) => {
    if (provider.type !== "app") return [];
    const { name, build, run, env, port, volume, docker, backup } = provider;
    const metadata = { ...config.metadata, id: subAppId(config.metadata.id, name) };
    return [{ index, config: { metadata, build, run, env, port, volume, docker, backup } }];
  });
}

/** A sub-app as if it had been loaded from a file of its own; its places are the main file's. */
export function loadSubApp(main: LoadedConfig, { index, config }: SubApp): LoadedConfig {
  const placeOf = (path: Path): Path =>
    path[0] === "metadata" ? path : ["provider", index, ...path];
  const locate: LoadedConfig["locate"] = (path, part) => main.locate(placeOf(path), part);
  const { config: complete } = normalizeConfig(config, () => undefined);
  const { config: open, rendered, credentials } = takeCredentials(complete, renderConfig(complete));
  const { names, fields } = rendered;
  const own = { config: open, rendered: names, fields, credentials, locate };
  return { ...main, ...own, warnings: [], isSubApp: true };
}

/** What is wrong with the sub-apps, by the rules of a main app. */
export function subAppProblems<Problem extends { path: Path }>(
  config: AppConfig,
  check: (config: AppConfig) => Problem[],
): Problem[] {
  return findSubApps(config).flatMap(({ index, config: inner }) =>
    check(inner)
      // The metadata is the main app's, and was checked there.
      .filter(({ path }) => path[0] !== "metadata" || path[1] === "id")
      .map((problem) => ({
        ...problem,
        path:
          problem.path[0] === "metadata"
            ? ["provider", index, "name"]
            : ["provider", index, ...problem.path],
      })),
  );
}
