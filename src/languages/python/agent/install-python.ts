/**
 * Installs CPython beside the distribution's, and makes /nua/venv from it: a build that runs anywhere
 * where there is one, else compiled.
 */
import { join } from "node:path";
import { NuaError } from "../../../lib/errors.ts";
import { publicUrl } from "../../../lib/secrets.ts";
import { withSlash } from "../../../lib/urls.ts";
import { type Command, run, shell } from "../../../protocol/command.ts";
import {
  CPYTHON_BUILDS,
  CPYTHON_MIRROR_VARIABLE,
  CPYTHON_SOURCES,
  SOURCES_BELOW_MIRROR,
} from "../../../registries/cpython.ts";
import { fetchChecked } from "../../fetch-checked.ts";
import type { DebianPackages, InstallRequest, InstallTools } from "../../installer.ts";
import { BUILD_PACKAGES, compileCommands, linkedFiles } from "./compile-python.ts";
import { findSource, knownSources, type PythonSource } from "./sources.ts";
import {
  findBuild,
  findReleases,
  KNOWN_BUILDS,
  machineOf,
  type StandaloneBuild,
  SUMS,
} from "./standalone.ts";

/** Where it is, whatever its version: beside nothing that the distribution has. */
export const PYTHON_PREFIX = "/usr/local/lib/nua/cpython";

/** Debian packages that an image with a compiled one needs, below the root; one on each line. */
export const PYTHON_PACKAGES = "usr/local/lib/nua/python_packages";

/** The very version, below the root. */
export const PYTHON_VERSION_FILE = "nua/python_version";

/**
 * @param request.folder "/" installs here, with /nua/venv. Any other folder gets what is to be copied
 *   to an image's top, and PYTHON_PACKAGES below it: what is to be installed there.
 * @throws NuaError (input) when there is no such Python, (transient) when its server does not answer
 * @throws CommandError (build) when apt or the compilation fails
 */
export async function install(request: InstallRequest, tools: InstallTools): Promise<void> {
  const { wanted, folder: root } = request;
  const build = await lookForBuild(wanted, tools);
  const source = build === undefined ? findSource(wanted) : undefined;
  if (build !== undefined) await placeBuild(build, root, tools);
  else if (source !== undefined) await compile(source, root, tools);
  else throw noSuchPython(wanted);
  const { version } = (build ?? source)!;
  const file = join(root, PYTHON_VERSION_FILE);
  await tools.execute([
    { kind: "write", path: file, text: `${version}\n`, mode: 0o644 },
    ...(root === "/" ? [...venvCommands(), ...tools.debian.removeBorrowed()] : []),
  ]);
}

/** Pure: what unpacks a build. */
export function placeCommands(root: string, file: string): Command[] {
  const folder = below(root, PYTHON_PREFIX);
  const unpack = ["tar", "--extract", "--gzip", "--no-same-owner", "--strip-components=1"];
  return [
    run(["mkdir", "-p", folder]),
    run([...unpack, ...NOT_FROM_BUILD, "-f", file, "-C", folder]),
    // What extensions are compiled with: as it was where Python itself was.
    shell(`find ${folder}/lib -name '_sysconfigdata*.py' -exec sed -i ${SYSCONFIG} {} +`),
    ...finishCommands(folder),
  ];
}

/** Pure: /nua/venv anew, as the image that all are built upon has it. */
export function venvCommands(): Command[] {
  return [
    run(["rm", "-rf", "/nua/venv"]),
    run([
      ...["setpriv", "--reuid=nua", "--regid=nua", "--init-groups"],
      ...[`${PYTHON_PREFIX}/bin/python3`, "-m", "venv", "/nua/venv"],
    ]),
    shell(VENV_LINE),
  ];
}

// --- internal ---

/** Tests, and what opens windows: Tk needs a display. */
const NOT_FROM_BUILD = [
  ...["test", "idlelib", "turtledemo"].map((name) => `--exclude=python/lib/python3.*/${name}`),
  ...[
    "lib/tcl*",
    "lib/tk*",
    "lib/itcl*",
    "lib/thread*",
    "lib/Tix*",
    "lib/libtcl*",
    "lib/libtk*",
  ].map((name) => `--exclude=python/${name}`),
  ...["share/man", "share/doc"].map((name) => `--exclude=python/${name}`),
];

/** The compiler of those who built it, and where they did. Source: what uv changes there. */
const SYSCONFIG = `-e 's#/install#${PYTHON_PREFIX}#g' -e 's#\\bclang++#c++#g' -e 's#\\bclang\\b#cc#g' -e 's#\\bllvm-ar\\b#ar#g'`;

/** wheel is Debian's, for any Python; nua.lib is found by a file of paths. */
const VENV_LINE = [
  "site=$(/nua/venv/bin/python -c 'import site; print(site.getsitepackages()[0])')",
  'cp -r /usr/lib/python3/dist-packages/wheel /usr/lib/python3/dist-packages/wheel-* "$site"',
  'echo /usr/local/lib/nua/python >"$site/nua.pth"',
  'chown -R nua:nua "$site"',
  "find /nua/venv -name __pycache__ -prune -exec rm -rf {} +",
].join(" && ");

/** No path of an archive, only numbers, is in it. */
function finishCommands(folder: string): Command[] {
  return [
    // Nobody could write it later: user nua may not, and each start would compile the library.
    shell(
      `${folder}/bin/python3 -m compileall -q -j 0 --invalidation-mode unchecked-hash ${folder}/lib/python3.* >/dev/null || true`,
    ),
  ];
}

async function placeBuild(
  build: StandaloneBuild,
  root: string,
  tools: InstallTools,
): Promise<void> {
  tools.write(`==> Install Python ${build.version} in ${below(root, PYTHON_PREFIX)}\n`);
  const file = await fetchArchive(addressOf(tools) + build.path, build, tools);
  await tools.execute(placeCommands(root, file));
}

async function compile(source: PythonSource, root: string, tools: InstallTools): Promise<void> {
  const { scratch, debian } = tools;
  const mirror = mirrorOf(tools);
  const sources = mirror === undefined ? CPYTHON_SOURCES : withSlash(mirror) + SOURCES_BELOW_MIRROR;
  tools.write(`==> Compile Python ${source.version} for ${root}\n`);
  const file = await fetchArchive(sources + source.path, source, tools);
  const folder = below(root, PYTHON_PREFIX);
  await tools.execute([
    debian.updateLists(),
    ...debian.borrow(BUILD_PACKAGES),
    ...compileCommands({ root, prefix: PYTHON_PREFIX, scratch, file }),
    shell(`rm -rf ${folder}/lib/python3.*/test ${folder}/share ${folder}/lib/libpython3.*.a`),
    shell(`rm -f ${folder}/lib/python3.*/config-*/libpython3.*.a`),
    ...finishCommands(folder),
    debian.linkedPackages(linkedFiles(folder), (names) => placePackages(names, root, debian)),
  ]);
}

function placePackages(names: readonly string[], root: string, debian: DebianPackages): Command[] {
  if (root === "/") return debian.install(names);
  const text = names.map((name) => `${name}\n`).join("");
  return [{ kind: "write", path: join(root, PYTHON_PACKAGES), text, mode: 0o644 }];
}

/** A mirror's own list before the releases that are known: it may have newer ones, and others. */
async function lookForBuild(
  wanted: string,
  tools: InstallTools,
): Promise<StandaloneBuild | undefined> {
  const machine = machineOf(process.arch);
  if (machine === undefined) return undefined;
  const address = addressOf(tools);
  const find = async (url: string, version = wanted) => {
    const sums = await tools.fetch(url, CPYTHON_MIRROR_VARIABLE);
    if (sums === null) return undefined;
    return findBuild(sums.toString("utf8"), { wanted: version, machine });
  };
  const own = mirrorOf(tools) === undefined ? undefined : await find(address + SUMS);
  if (own !== undefined) return own;
  const known = findReleases(wanted);
  if (known.length === 0) return undefined;
  // A mirror need not have the newest.
  for (const { version, release } of known) {
    const found = await find(`${address}${release}/${SUMS}`, version);
    if (found !== undefined) return found;
  }
  const [newest] = known;
  throw new NuaError("input", `Find Python "${wanted}" at ${publicUrl(address)}: there is none`, {
    hint: `have ${newest!.release}/${SUMS} there, or name another mirror with ${CPYTHON_MIRROR_VARIABLE}`,
  });
}

/** Inside a build, a script of the app's calls the agent: it knows no more than the environment. */
function mirrorOf({ settings, env }: InstallTools): string | undefined {
  return settings.pythonMirror ?? env[CPYTHON_MIRROR_VARIABLE];
}

function addressOf(tools: InstallTools): string {
  return withSlash(mirrorOf(tools) || CPYTHON_BUILDS);
}

function fetchArchive(
  url: string,
  { version, sha256 }: { version: string; sha256: string },
  tools: InstallTools,
): Promise<string> {
  const name = `python-${version}.tar.gz`;
  return fetchChecked({ url, sha256, name, mirror: CPYTHON_MIRROR_VARIABLE }, tools);
}

function noSuchPython(wanted: string): NuaError {
  const there = [...KNOWN_BUILDS, ...knownSources()];
  const series = wanted.split(".").slice(0, 2).join(".");
  const near = there.filter((version) => version.startsWith(`${series}.`));
  const shown = near.length > 0 ? near : KNOWN_BUILDS.slice(0, 5);
  return new NuaError("input", `Find Python "${wanted}": there is none`, {
    hint: `versions: ${shown.join(", ")}, or any of a mirror whose ${SUMS} lists it`,
  });
}

function below(root: string, path: string): string {
  return root === "/" ? path : `${root}${path}`;
}
