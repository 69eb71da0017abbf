/** Pure: how a static site gets into an image and is served there. */
import { NuaError } from "../../lib/errors.ts";
import { shellQuote } from "../../lib/shell-words.ts";
import { METADATA, SCRIPTS } from "../../protocol/layout.ts";
import { type PlannedCommand, plannedShell } from "../../protocol/planned-action.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import type { RequestedPackages, StartCommand, StaticSite } from "../language.ts";
import type { RequestedRuntime } from "../runtime.ts";
import { SITE_COMMAND } from "./command.ts";
import { nginxConfig } from "./nginx.ts";
import serve from "./serve.sh" with { type: "text" };
import { withStaticfile } from "./staticfile.ts";

/** Where a site listens if the variable PORT says nothing: as web servers do. */
export const SITE_PORT = 80;

export interface SitePlan {
  /** Carried out when the app is built. */
  commands: PlannedCommand[];
  /** For images that prepare something before: {@link SITE_COMMAND} for all others. */
  start: StartCommand;
  /** Absolute paths: all that the image needs of what was built. */
  keep: readonly string[];
  /** The web server, where the image starts from a base without it. */
  packages: RequestedPackages;
  /** The base that has it. */
  runtime: RequestedRuntime;
}

/**
 * The site stays where the build leaves it. What a Staticfile says of it holds for any.
 * @param options.source folder of the app's source in the image
 * @throws NuaError (input) for a folder that is none of the app's
 */
export function planSite(
  found: StaticSite,
  { source, tree }: { source: string; tree: SourceTree | undefined },
): SitePlan {
  const site = tree === undefined ? found : withStaticfile(found, tree);
  const { from, options = {} } = site;
  const folder = absolute(site, source, site.folder);
  const passwords =
    options.passwords === undefined ? undefined : absolute(site, source, options.passwords);
  // Both become words of the configuration.
  for (const name of [site.page, options.index]) if (name !== undefined) absolute(site, "", name);
  const page = `${folder}/${site.page ?? "index.html"}`;
  const text = nginxConfig(folder, {
    ...site,
    options: { ...options, ...(passwords === undefined ? {} : { passwords }) },
  });
  return {
    commands: [
      plannedShell(existenceCheck(site, folder, page), { from }),
      { kind: "write-file", path: `${SCRIPTS}/nginx.conf`, text, mode: 0o644, from },
      { kind: "write-file", path: `${SCRIPTS}/serve.sh`, text: serve, mode: 0o755, from },
    ],
    start: { line: SITE_COMMAND.join(" "), from, port: SITE_PORT },
    keep: [folder, SCRIPTS, METADATA, ...(passwords === undefined ? [] : [passwords])],
    packages: { names: ["nginx-light"], from },
    runtime: { language: "static", from, use: "run" },
  };
}

// --- internal ---

/** nginx reads these in a quoted word, and has no way to write a dollar sign. */
const READ_BY_NGINX = /[\p{Cc}"\\$]/u;

function absolute({ from }: StaticSite, source: string, path: string): string {
  const names = path.split("/").filter((name) => name !== "" && name !== ".");
  if (path.startsWith("/") || names.includes("..") || READ_BY_NGINX.test(path)) {
    throw new NuaError("input", `Serve folder "${path}": expected one of the app's`, {
      file: from.what,
      hint: 'name it relative to the app\'s folder, without "..", quotes and dollar signs',
    });
  }
  return [source, ...names].join("/");
}

/** A build that leaves nothing to serve has failed, whatever its commands say. */
function existenceCheck({ folder, fallback }: StaticSite, at: string, page: string): string {
  const name = folder === "" ? "." : folder;
  const hint = `run.static names the folder that is served`;
  const noFolder = `The build made no folder "${name}": ${hint}`;
  const noPage = `There is no "${page.slice(at.length + 1)}" in "${name}": ${hint}`;
  const fail = (text: string) => `{ echo ${shellQuote(text)} >&2; exit 1; }`;
  return [
    `test -d ${shellQuote(at)} || ${fail(noFolder)}`,
    ...(fallback === "index" ? [`test -f ${shellQuote(page)} || ${fail(noPage)}`] : []),
  ].join("; ");
}
