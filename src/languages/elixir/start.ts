/** Pure: what an app of Elixir's is started with, and what that wants of its environment. */
import type { SourceTree } from "../../source/source-tree.ts";
import type { StartCommand } from "../language.ts";
import { OUT } from "./build.ts";
import { portOf } from "./port.ts";
import { type MixProject, packageNames } from "./project.ts";
import type { ChosenRelease } from "./releases.ts";
import { settingsOf } from "./sources.ts";

export interface ElixirStart {
  start: StartCommand;
  env: Readonly<Record<string, string>>;
  warnings: string[];
}

export function startOf(
  tree: SourceTree,
  project: MixProject,
  release: ChosenRelease,
): ElixirStart {
  const port = portOf(tree, project);
  return {
    start: {
      line: `${OUT}/bin/${release.name} start`,
      from: release.from,
      ...(port === null ? {} : { port }),
    },
    env: {
      ...(packageNames(project).has("phoenix") ? { PHX_SERVER: "true" } : {}),
      // Nobody is let in who knows a word, and no program beside the app listens for others.
      ...(isOfNodes(tree, release) ? {} : { RELEASE_DISTRIBUTION: "none" }),
    },
    warnings: [...environmentWarnings(tree, project), ...migrationWarnings(tree, project, release)],
  };
}

/**
 * What starts the app on the machine of its developers, and the release where Mix has made it, start
 * the one that is in the image.
 */
export function plainCommand(line: string, { name }: ChosenRelease): string | null {
  const text = line.trim().replace(/^(?:exec +)?(?:[A-Z_]+=[\w.:/-]* +)*/, "");
  if (
    /^(?:elixir .{0,80}-S )?mix (?:phx\.server|run --no-halt|do .{0,80}phx\.server)$/.test(text)
  ) {
    return `${OUT}/bin/${name} start`;
  }
  const [, program, words] =
    /^(?:\.\/)?(?:_build\/prod\/rel\/\w+\/|rel\/\w+\/)?bin\/([\w-]+)((?: +[\w@%+=:,./-]+)*)$/.exec(
      text,
    ) ?? [];
  if (program === undefined) return null;
  const isMade = program === name || /_build|^(?:\.\/)?rel\//.test(text);
  return isMade ? `${OUT}/bin/${program}${words}` : null;
}

// --- internal ---

/** Whether its own settings of a release have it find others of its kind. */
function isOfNodes(tree: SourceTree, { folder }: ChosenRelease): boolean {
  const at = folder === "" ? "rel" : `${folder}/rel`;
  const text = tree.text(`${at}/env.sh.eex`) ?? "";
  return /^\s*(?:export\s+)?RELEASE_DISTRIBUTION=/m.test(text);
}

/** `System.fetch_env!("A")`, `System.get_env("A") || raise …` */
const NEEDED =
  /System\.(?:fetch_env!\(\s*"(\w+)"|get_env\(\s*"(\w+)"\s*\)\s*\|\|\s*\(?\s*raise\b)/g;

/** Without them it does not start. */
function environmentWarnings(tree: SourceTree, project: MixProject): string[] {
  const folders = [project.top, ...project.members].map(({ folder }) => folder);
  const found = settingsOf(tree, folders).filter(({ path }) =>
    /(?:runtime|releases)\.exs$/.test(path),
  );
  return found.flatMap(({ path, text }) => {
    const names = [...text.matchAll(NEEDED)].map(([, fetched, raised]) => fetched ?? raised!);
    const needed = [...new Set(names)].filter((name) => name !== "PORT").slice(0, 20);
    if (needed.length === 0) return [];
    const are = needed.length === 1 ? "it" : "them";
    return [
      `${path} asks for ${needed.join(", ")} when the app starts: its container has to get ${are}`,
    ];
  });
}

function migrationWarnings(
  tree: SourceTree,
  project: MixProject,
  { name, folder }: ChosenRelease,
): string[] {
  if (!packageNames(project).has("ecto_sql")) return [];
  const folders = [project.top, ...project.members].map((one) => one.folder);
  const at = folders
    .map((one) => (one === "" ? "priv/repo/migrations" : `${one}/priv/repo/migrations`))
    .find((one) => tree.list(one).some((entry) => entry.name.endsWith(".exs")));
  if (at === undefined) return [];
  const rel = folder === "" ? "rel" : `${folder}/rel`;
  const how = tree.has(`${rel}/overlays/bin/migrate`)
    ? `run.before-run = ["${OUT}/bin/migrate"] does it`
    : `a module for that, as Ecto's documentation has it, and run.before-run = ['${OUT}/bin/${name} eval "…"'] do it`;
  return [`${at} is not run when the container starts; ${how}`];
}
