/** Installs Rust and Cargo: the distribution's if their version fits, else those that rustup would. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { NuaError } from "../../../lib/errors.ts";
import { publicUrl } from "../../../lib/secrets.ts";
import { withSlash } from "../../../lib/urls.ts";
import { compareVersions } from "../../../lib/version-order.ts";
import { type Command, run, shell } from "../../../protocol/command.ts";
import { PYTHON } from "../../../protocol/layout.ts";
import { RUST_DIST, RUST_DIST_VARIABLE } from "../../../registries/crates.ts";
import { fetchChecked } from "../../fetch-checked.ts";
import type { InstallRequest, InstallTools } from "../../installer.ts";
import { type Component, componentsOf, manifestOf, versionOf } from "./channel.ts";
import { compilerPackages, linksOf, type Packaged, parsePolicy } from "./packaged.ts";
import unpack from "./unpack_component.py" with { type: "text" };

/** The Debian packages that an image with this Rust needs, below the root; one on each line. */
export const RUST_PACKAGES = "nua/rust_packages";

/**
 * @param request.folder "/" installs here. Any other folder gets what is to be copied to an image's
 *   top, and RUST_PACKAGES below it: what is to be installed there.
 * @throws NuaError (input) when there is no such Rust, or it is not what its server says of it;
 *   (transient) when that does not answer
 * @throws CommandError (build) when apt or unpacking fails
 */
export async function install(request: InstallRequest, tools: InstallTools): Promise<void> {
  const { wanted, folder: root } = request;
  const { execute, write } = tools;
  const packaged = await findPackaged(wanted, tools);
  const fitting = packaged.find(({ version }) => isWanted(version, wanted));
  if (fitting !== undefined) {
    write(`==> Install the distribution's Rust ${fitting.version}\n`);
    return execute(packagedCommands(fitting, root, tools));
  }
  const fetched = await fetchToolchain(wanted, packaged, tools);
  if ("packages" in fetched) {
    write(
      `==> Install the distribution's Rust ${fetched.version}, which has come after ${wanted}\n`,
    );
    return execute(packagedCommands(fetched, root, tools));
  }
  write(`==> Install Rust ${fetched.version} in ${root}\n`);
  await execute([
    run(["mkdir", "-p", `${below(root)}/usr/local`]),
    ...fetched.files.map((file) => run([PYTHON, fetched.script, file, `${below(root)}/usr/local`])),
    ...placePackages(LINKER, root, tools),
  ]);
}

// --- internal ---

/** What programs are linked with. */
const LINKER = ["gcc", "libc6-dev"];

const PROCESSORS: Readonly<Record<string, string>> = {
  x64: "x86_64-unknown-linux-gnu",
  arm64: "aarch64-unknown-linux-gnu",
};

async function findPackaged(
  wanted: string,
  { execute, debian }: InstallTools,
): Promise<Packaged[]> {
  let found: Packaged[] = [];
  const read = (text: string): Command[] => {
    found = parsePolicy(text).toSorted((a, b) => compareVersions(b.version, a.version));
    return [];
  };
  const query = run(["apt-cache", "policy", ...compilerPackages(wanted)]);
  await execute([debian.updateLists(), { kind: "derive", query, next: read }]);
  return found;
}

/** The same, or of a series that it is of. */
function isWanted(version: string, wanted: string): boolean {
  return version === wanted || version.startsWith(`${wanted}.`);
}

function packagedCommands(packaged: Packaged, root: string, tools: InstallTools): Command[] {
  const links = linksOf(packaged).map((name) =>
    run([
      ...["ln", "-sf", `/usr/bin/${name}`],
      `${below(root)}/usr/local/bin/${name.replace(/-.*/, "")}`,
    ]),
  );
  const folder = links.length === 0 ? [] : [run(["mkdir", "-p", `${below(root)}/usr/local/bin`])];
  return [...folder, ...links, ...placePackages(packaged.packages, root, tools)];
}

function placePackages(
  names: readonly string[],
  root: string,
  { debian }: InstallTools,
): Command[] {
  if (root === "/") {
    const note = shell("rustc --version | cut -d ' ' -f 2 >/nua/rust_version");
    return [...debian.install(names), note];
  }
  const text = names.map((name) => `${name}\n`).join("");
  return [{ kind: "write", path: join(root, RUST_PACKAGES), text, mode: 0o644 }];
}

interface Toolchain {
  version: string;
  /** Archives of components. */
  files: string[];
  script: string;
}

/** A series is what the Linux base had: where it has a newer one now, and no server answers, that will do. */
async function fetchToolchain(
  wanted: string,
  packaged: readonly Packaged[],
  tools: InstallTools,
): Promise<Toolchain | Packaged> {
  const { settings, env, scratch, fetch } = tools;
  const triple = PROCESSORS[process.arch];
  if (triple === undefined) throw noProcessor();
  const server = withSlash(settings.rustDist || env[RUST_DIST_VARIABLE] || RUST_DIST);
  const newer = packaged.find(({ version }) => compareVersions(version, wanted) > 0);
  const isSeries = wanted.split(".").length < 3;
  let body: Buffer | null;
  try {
    body = await fetch(server + manifestOf(wanted), RUST_DIST_VARIABLE);
  } catch (error) {
    if (isSeries && newer !== undefined) return newer;
    throw error;
  }
  const manifest = body?.toString("utf8") ?? "";
  const components = componentsOf(manifest, triple);
  const version = versionOf(manifest);
  if (components === undefined || version === undefined) {
    if (isSeries && newer !== undefined) return newer;
    throw noSuchRust(wanted, server, newer);
  }
  const script = join(scratch, "unpack_component.py");
  writeFileSync(script, unpack);
  const files: string[] = [];
  for (const component of components) files.push(await fetchComponent(component, server, tools));
  return { version, files, script };
}

function fetchComponent(
  { name, url, sha256 }: Component,
  server: string,
  tools: InstallTools,
): Promise<string> {
  // Manifests name the public server, whoever hands them out.
  const here = url.startsWith(RUST_DIST) ? server + url.slice(RUST_DIST.length) : url;
  const wanted = { url: here, sha256, name: `${name}.tar.xz`, mirror: RUST_DIST_VARIABLE };
  return fetchChecked(wanted, tools);
}

function below(root: string): string {
  return root === "/" ? "" : root;
}

function noProcessor(): NuaError {
  return new NuaError("input", `Install Rust: there is none for the processor "${process.arch}"`, {
    hint: `use one of ${Object.keys(PROCESSORS).join(", ")}`,
  });
}

function noSuchRust(wanted: string, server: string, newer: Packaged | undefined): NuaError {
  const other =
    newer === undefined ? "" : `; build.builder = "rust-${newer.version}" takes the distribution's`;
  return new NuaError("input", `Fetch Rust "${wanted}" from ${publicUrl(server)}: there is none`, {
    hint: `name a server that has it with ${RUST_DIST_VARIABLE}${other}`,
  });
}
