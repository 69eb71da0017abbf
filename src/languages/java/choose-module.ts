/** Pure: which module of an app is it: the one that makes what can be started. */
import type { SourceTree } from "../../source/source-tree.ts";
import { isServer } from "./app/frameworks.ts";
import { isBelow, type JavaModule, type JavaProject } from "./app/project.ts";

export interface ChosenModule {
  /** Null where none can be started. */
  module: JavaModule | null;
  /** Those that it could be as well, where nothing says which. */
  candidates: JavaModule[];
}

export interface Wanted {
  /** A folder; null where none is chosen. */
  member: string | null;
  /** What the app is called. */
  id: string;
}

/** The folder of a module, by that or by its name; null where there is none. */
export function findModule({ modules }: JavaProject, wanted: string): string | null {
  const folder = wanted.replace(/^(?:\.\/)+|\/+$/g, "").replace(/^:/, "");
  const found =
    modules.find((one) => one.folder === folder) ?? modules.find(({ name }) => name === folder);
  return found?.folder ?? null;
}

export function chooseModule(
  tree: SourceTree,
  { modules }: JavaProject,
  { member, id }: Wanted,
): ChosenModule {
  const within = modules.filter(({ folder }) => member === null || isBelow(folder, member));
  const exact = within.find(({ folder }) => folder === member);
  if (exact?.isRunnable) return { module: exact, candidates: [] };
  const runnable = within.filter((one) => one.isRunnable && !SIDE_FOLDERS.test(one.folder));
  // What serves is the app, whatever else is in its folder.
  const servers = runnable.filter((one) => isServer(one.framework, one.dependencies));
  const group = servers.length > 0 ? servers : runnable;
  if (group.length <= 1) return { module: group[0] ?? null, candidates: [] };
  const dockerfile = tree.text("Dockerfile")?.slice(0, 64 * 1024) ?? "";
  const own =
    group.find(({ name }) => name === id) ??
    group.find(({ folder }) => folder === "") ??
    group.find(
      ({ folder, name }) => isNamed(dockerfile, folder) || isNamed(dockerfile, `${name}-`),
    );
  if (own !== undefined) return { module: own, candidates: [] };
  const usual = USUAL_NAMES.map((name) =>
    group.find((one) => one.name.split(/[-_.]/).includes(name)),
  ).find(Boolean);
  return { module: usual ?? group[0]!, candidates: group };
}

// --- internal ---

/** Where people put what is not the app. */
const SIDE_FOLDERS =
  /(?:^|\/)(?:examples?|samples?|demos?|benchmarks?|jmh|docs?|tools?|tests?|integration-tests?|e2e|buildSrc|build-logic)(?:\/|$)/;

/** What people call a server, where its name says no more. */
const USUAL_NAMES = [
  ...["server", "app", "application", "web", "webapp", "api", "backend", "boot", "bootstrap"],
  ...["service", "main", "start", "launcher", "runner"],
];

/** Such as `COPY shop-web/target/shop-web.jar app.jar`. */
function isNamed(dockerfile: string, name: string): boolean {
  return name !== "" && name !== "-" && new RegExp(`[ /]${RegExp.escape(name)}`).test(dockerfile);
}
