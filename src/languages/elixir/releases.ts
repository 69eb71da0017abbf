/** Pure: which release of an app is it: the one that its mix.exs has for that, or the app itself. */
import { NuaError } from "../../lib/errors.ts";
import type { Origin } from "../../protocol/planned-action.ts";
import { MIX, type MixFile } from "./mix-file.ts";
import { filesOf, type MixProject } from "./project.ts";

export interface ChosenRelease {
  name: string;
  /** Whether mix.exs has it under that name: Mix knows one that is made of the app itself by none. */
  isListed: boolean;
  /** The folder that it is made in: that of an umbrella, or of one of its apps. */
  folder: string;
  /** Those that it could be as well, where nothing says which. */
  candidates: string[];
  from: Origin;
}

export interface Wanted {
  /** A release, or the folder of an app of the umbrella; null where none is chosen. */
  member: string | null;
  /** What the app is called. */
  id: string;
}

/** What a release is chosen by: its name, or the folder or the name of an app of the umbrella. */
export function findMember({ top, members }: MixProject, wanted: string): string | null {
  if (top.releases.some(({ value }) => value === wanted)) return wanted;
  const folder = wanted.replace(/^(?:\.\/)+|\/+$/g, "");
  const found =
    members.find((one) => one.folder === folder) ??
    members.find(({ app }) => app?.value === wanted);
  return found?.folder ?? null;
}

/** @throws NuaError (config) where nothing says which it is, or what it is called */
export function chooseRelease(project: MixProject, { member, id }: Wanted): ChosenRelease {
  const { top, members } = project;
  const own = members.find(({ folder }) => folder === member);
  if (own !== undefined) return ofApp(own);
  const names = top.releases.map(({ value }) => value).filter((name) => NAME.test(name));
  const sure =
    names.find((name) => name === member) ??
    names.find((name) => name === top.defaultRelease) ??
    (names.length > 1 ? names.find((name) => name === id || name === top.app?.value) : names[0]);
  const name = sure ?? names[0];
  if (name !== undefined) {
    const { line } = top.releases.find(({ value }) => value === name)!;
    const candidates = sure === undefined ? names : [];
    return { name, isListed: true, folder: "", candidates, from: { what: MIX, line } };
  }
  if (top.appsPath === null) return ofApp(top);
  return ofUmbrella(project);
}

// --- internal ---

/** A name that is one word for a shell, and no option. */
const NAME = /^[a-z_]\w{0,127}$/;

function ofApp({ app, file, folder }: MixFile): ChosenRelease {
  if (app !== null && NAME.test(app.value)) {
    const from = { what: file, line: app.line };
    return { name: app.value, isListed: false, folder, candidates: [], from };
  }
  throw new NuaError(
    "config",
    `Build "${file}": it does not say in plain words what the app is called`,
    {
      file,
      hint: "write app: :name in its function project",
    },
  );
}

/** One without releases of its own: Mix makes one of each app of it, with what that depends on. */
function ofUmbrella({ members, ...project }: MixProject): ChosenRelease {
  const needed = new Set(
    filesOf({ ...project, members }).flatMap(({ dependencies }) =>
      dependencies.flatMap(({ name, isOfUmbrella }) => (isOfUmbrella ? [name] : [])),
    ),
  );
  // What others are built upon is not the one that is started.
  const tops = members.filter(({ app }) => app !== null && !needed.has(app.value));
  const only = tops.length === 1 ? tops[0] : tops.find(({ app }) => app!.value.endsWith("_web"));
  if (only !== undefined) {
    const candidates = tops.length === 1 ? [] : tops.map(({ folder }) => folder);
    return { ...ofApp(only), candidates };
  }
  const names = tops.map(({ folder }) => folder).slice(0, 10);
  throw new NuaError(
    "config",
    `Build "${MIX}": the umbrella has no releases, and nothing says which of its apps is started: ${names.join(", ") || "it has none"}`,
    { file: MIX, hint: "write releases in mix.exs, or name one of its apps with build.app" },
  );
}
