/** Installs Go, which is a module of its own, from a module proxy. */
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { NuaError } from "../../../lib/errors.ts";
import { publicUrl } from "../../../lib/secrets.ts";
import { withSlash } from "../../../lib/urls.ts";
import { matchingVersions } from "../../../lib/version-order.ts";
import { type Command, run } from "../../../protocol/command.ts";
import { PYTHON } from "../../../protocol/layout.ts";
import {
  GO_PROXY,
  GO_PROXY_VARIABLE,
  GO_SUMDB_VARIABLE,
  TOOLCHAIN,
} from "../../../registries/go.ts";
import type { InstallRequest, InstallTools } from "../../installer.ts";
import { type Database, parseSumdb, provenHash } from "./sum-database.ts";
import { parseList } from "./toolchains.ts";
import unpack from "./unpack_toolchain.py" with { type: "text" };

/**
 * @param request.folder for bin and go
 * @throws NuaError (input) when the proxy has no such Go, it is not what the checksum database
 *   says, or this processor is not known; (transient) when it does not answer
 * @throws CommandError (build) when unpacking fails
 */
export async function install(request: InstallRequest, tools: InstallTools): Promise<void> {
  const { wanted, folder: prefix } = request;
  const { settings, env, scratch, write, execute, fetch } = tools;
  const proxy = withSlash(settings.goProxy || env[GO_PROXY_VARIABLE] || GO_PROXY);
  const version = await findVersion(wanted, proxy, tools);
  const module = `v0.0.1-go${version}.linux-${processorOf(process.arch)}`;
  const database = parseSumdb(settings.goSumdb ?? env[GO_SUMDB_VARIABLE] ?? "", proxy);
  const checksum = database === null ? "-" : await checksumOf(module, database, tools);
  const url = `${proxy}${TOOLCHAIN}/@v/${module}.zip`;
  const body = await fetch(url, GO_PROXY_VARIABLE);
  if (body === null) throw noSuchGo(version, proxy);
  write(`==> Install Go ${version} in ${prefix}\n`);
  const files = { zip: join(scratch, "go.zip"), script: join(scratch, "unpack_toolchain.py") };
  writeFileSync(files.zip, body);
  writeFileSync(files.script, unpack);
  await execute(installCommands({ prefix, version, module, checksum, files }));
}

export interface GoInstallation {
  prefix: string;
  version: string;
  /** The module's version. */
  module: string;
  /** As go.sum has it; "-" where nobody knows it. */
  checksum: string;
  files: { zip: string; script: string };
}

/** Pure: what installs a fetched toolchain. */
export function installCommands(plan: GoInstallation): Command[] {
  const { prefix, version, module, checksum, files } = plan;
  const inner = `${TOOLCHAIN}@${module}/`;
  const root = prefix.endsWith("/usr/local") ? dirname(dirname(prefix)) : null;
  return [
    run(["mkdir", "-p", `${prefix}/bin`]),
    run([PYTHON, files.script, files.zip, inner, `${prefix}/go`, checksum]),
    ...["go", "gofmt"].map((name) =>
      run(["ln", "-sf", `../go/bin/${name}`, `${prefix}/bin/${name}`]),
    ),
    ...(root === null
      ? []
      : [
          {
            ...({ kind: "write", path: join(root, "nua/go_version") } as const),
            ...{ text: `${version}\n`, mode: 0o644 },
          },
        ]),
  ];
}

// --- internal ---

const PROCESSORS: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

function processorOf(arch: string): string {
  const processor = PROCESSORS[arch];
  if (processor !== undefined) return processor;
  throw new NuaError("input", `Install Go: there is none for the processor "${arch}"`, {
    hint: `use one of ${Object.keys(PROCESSORS).join(", ")}`,
  });
}

/** The newest of a series is looked for; a whole version is asked for at once. */
async function findVersion(
  wanted: string,
  proxy: string,
  { fetch }: Pick<InstallTools, "fetch">,
): Promise<string> {
  if (/^\d+\.\d+\.\d+$/.test(wanted)) return releaseName(wanted);
  const body = await fetch(`${proxy}${TOOLCHAIN}/@v/list`, GO_PROXY_VARIABLE);
  const versions = parseList(body?.toString("utf8") ?? "") ?? [];
  const [newest] = matchingVersions(wanted, versions);
  if (newest === undefined) throw noSuchGo(wanted, proxy);
  return releaseName(newest);
}

/** Before 1.21, the first release of a series had two numbers. Source: go.dev/doc/toolchain. */
function releaseName(version: string): string {
  return version.replace(/^(1\.(?:1\d|20))\.0$/, "$1");
}

/** By the proxy, as Go itself asks; else by the database's own server. */
async function checksumOf(
  version: string,
  { key, addresses }: Database,
  tools: InstallTools,
): Promise<string> {
  const module = TOOLCHAIN;
  for (const place of addresses) {
    const found = await provenHash({ module, version }, key, (path) =>
      tools.fetch(place + path, GO_PROXY_VARIABLE),
    );
    if (found !== null) return found;
  }
  throw new NuaError("input", `Check Go: no checksum database has "${module}@${version}"`, {
    hint: `name a module proxy that hands one out with ${GO_PROXY_VARIABLE}; ${GO_SUMDB_VARIABLE}=off takes what the proxy has as it is`,
  });
}

function noSuchGo(version: string, proxy: string): NuaError {
  return new NuaError("input", `Fetch Go "${version}" from ${publicUrl(proxy)}: there is none`, {
    hint: `name a module proxy that has it with ${GO_PROXY_VARIABLE}`,
  });
}
