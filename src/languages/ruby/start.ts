/** Pure: what a Ruby app is started with, by the conventions of its framework and server. */
import type { SourceTree } from "../../source/source-tree.ts";
import type { StartCommand } from "../language.ts";
import { isRails } from "./frameworks.ts";
import type { Gems } from "./gems.ts";

export interface Start {
  start: StartCommand | null;
  env: Readonly<Record<string, string>>;
  warnings: string[];
  lookedFor: readonly string[];
}

/** A script at the top that is named as what starts an app is; in the order in which they count. */
export const SCRIPTS: readonly string[] = ["app.rb", "main.rb", "server.rb", "web.rb", "index.rb"];

export function startOf(tree: SourceTree, gems: Gems): Start {
  const found = [rails, rack, script, jobs].flatMap((find) => find(tree, gems) ?? [])[0];
  const lookedFor = ["config/application.rb", "config.ru", ...SCRIPTS, "config/sidekiq.yml"];
  if (found === undefined) return { start: null, env: {}, warnings: [], lookedFor };
  const { env = {}, warnings = [], ...start } = found;
  return { start, env: { ...ENVIRONMENT, ...env }, warnings, lookedFor };
}

// --- internal ---

interface Found extends StartCommand {
  env?: Record<string, string>;
  warnings?: string[];
}

/** Where the variable PORT says nothing: as Rails has it. */
const PORT = 3000;
const GIVEN_PORT = `\${PORT:-${PORT}}`;

const ENVIRONMENT = {
  RACK_ENV: "production",
  // Ruby's threads leave less memory unused with it. Source: Rails, its own Dockerfile.
  LD_PRELOAD: "libjemalloc.so.2",
};

const RAILS_ENVIRONMENT = {
  RAILS_ENV: "production",
  RAILS_LOG_TO_STDOUT: "enabled",
  RAILS_SERVE_STATIC_FILES: "enabled",
};

/** Servers in the order in which they count, as each is told where to listen. */
const SERVERS: readonly [gem: string, line: string][] = [
  ["puma", `puma -p ${GIVEN_PORT}`],
  ["falcon", `falcon serve --bind http://0.0.0.0:${GIVEN_PORT}`],
  ["pitchfork", `pitchfork -p ${GIVEN_PORT}`],
  ["unicorn", `unicorn -p ${GIVEN_PORT}`],
  ["iodine", `iodine -b 0.0.0.0 -p ${GIVEN_PORT}`],
  ["thin", `thin start -a 0.0.0.0 -p ${GIVEN_PORT}`],
];

function rails(tree: SourceTree, gems: Gems): Found | null {
  if (!isRails(tree, gems)) return null;
  const server = serverOf(tree, gems) ?? `rails server -b 0.0.0.0 -p ${GIVEN_PORT}`;
  const start = `bundle exec ${server}`;
  const file = ["config/application.rb", "bin/rails"].find((name) => tree.has(name))!;
  const hasKey = tree.has("config/master.key") || tree.has("config/secrets.yml");
  return {
    line: hasKey ? start : `${NEW_SECRET}; exec ${start}`,
    from: { what: file },
    port: PORT,
    env: RAILS_ENVIRONMENT,
    warnings: [...(hasKey ? [] : [SECRET]), ...(hasMigrations(tree) ? [MIGRATIONS] : [])],
  };
}

/** Rails in production does not start without one. */
const NEW_SECRET =
  '[ -n "$SECRET_KEY_BASE$RAILS_MASTER_KEY" ] || export SECRET_KEY_BASE=$(ruby -rsecurerandom -e "print SecureRandom.hex(64)")';

const SECRET =
  "Rails finds neither SECRET_KEY_BASE nor RAILS_MASTER_KEY in the image: unless its container gets one of them, a new secret is made at each start, and users are logged out";

const MIGRATIONS =
  'db/migrate is not run when the container starts; run.before-run = ["bundle exec rails db:prepare"] does it';

function hasMigrations(tree: SourceTree): boolean {
  return tree.list("db/migrate").some(({ name }) => name.endsWith(".rb"));
}

function rack(tree: SourceTree, gems: Gems): Found | null {
  if (!tree.has("config.ru")) return null;
  const server = serverOf(tree, gems);
  if (server === null) return null;
  const env: Record<string, string> = gems.all.has("hanami") ? { HANAMI_ENV: "production" } : {};
  return { line: `bundle exec ${server}`, from: { what: "config.ru" }, port: PORT, env };
}

/** Before Rack 3, the program `rackup` was part of it. */
function serverOf(tree: SourceTree, gems: Gems): string | null {
  const [gem, line] = SERVERS.find(([name]) => gems.all.has(name)) ?? [];
  if (gem !== undefined) {
    const config = `config/${gem}.rb`;
    const isRead = gem !== "puma" && tree.has(config);
    return isRead ? `${line} -c ${config}` : line!;
  }
  const version = gems.lock?.gems.get("rack");
  const hasRackup = gems.all.has("rackup") || (version ?? "").split(".")[0] === "2";
  return hasRackup || (version === undefined && gems.all.has("rack"))
    ? `rackup -o 0.0.0.0 -p ${GIVEN_PORT}`
    : null;
}

function script(tree: SourceTree, gems: Gems): Found | null {
  const file = SCRIPTS.find((name) => tree.text(name) !== undefined);
  if (file === undefined) return null;
  const text = tree.text(file) ?? "";
  const isSinatra = /^[ \t]*require\s*\(?\s*["']sinatra/m.test(text);
  return {
    line: `${gems.hasManifest ? "bundle exec " : ""}ruby ${file}`,
    from: { what: file },
    // Sinatra reads PORT itself, and listens on all addresses in production.
    ...(isSinatra ? { port: 4567 } : /\bENV\b[^\n]*\bPORT\b/.test(text) ? { port: PORT } : {}),
    ...(isSinatra ? { env: { APP_ENV: "production" } } : {}),
  };
}

function jobs(tree: SourceTree, gems: Gems): Found | null {
  if (!gems.all.has("sidekiq") || !tree.has("config/sidekiq.yml")) return null;
  return { line: "bundle exec sidekiq", from: { what: "config/sidekiq.yml" } };
}
