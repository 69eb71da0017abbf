/** Debian packages: what to install, what to remove again. Pure. */

import { type Command, run, shell } from "../protocol/command.ts";
import { APP, BUILD, VENV } from "../protocol/layout.ts";
import type { Tree } from "./tree.ts";

const LISTS = "/var/lib/apt/lists";
const ARCHIVES = "/var/cache/apt";

/** What apt and dpkg leave behind that no one reads in an image. */
const LEFTOVERS = ["/var/cache/debconf/*-old", "/var/lib/dpkg/*-old", "/var/log/dpkg.log"];
const FOLDERS_TO_EMPTY = ["/var/log/apt"];

/** Names of the installed packages, from dpkg's own record. */
export function installedPackages(tree: Tree): Set<string> {
  const stanzas = (tree.read("/var/lib/dpkg/status") ?? "").split(/\n{2,}/);
  const names = stanzas
    .filter((stanza) => /^Status: \S+ \S+ installed$/m.test(stanza))
    .map((stanza) => /^Package: (\S+)$/m.exec(stanza)?.[1] ?? "");
  return new Set(names.filter((name) => name !== ""));
}

/** Installs packages that stay in the image. */
export function installKept(packages: readonly string[]): Command[] {
  const names = [...new Set(packages)];
  if (names.length === 0) return [];
  return [updateLists(), ...choose(names, (chosen) => [install(chosen)])];
}

/**
 * Installs packages for the build only. They are marked as if they had come as dependencies,
 * so that {@link purgeTemporary} finds them, but not what a build command installs by itself.
 */
export function installTemporary(packages: readonly string[], tree: Tree): Command[] {
  const installed = installedPackages(tree);
  const missing = [...new Set(packages)].filter(
    (name) => !name.split("|").some((one) => installed.has(bareName(one))),
  );
  if (missing.length === 0) return [];
  return [
    updateLists(),
    ...choose(missing, (chosen) => [
      install(chosen),
      run(["apt-mark", "auto", "--", ...chosen.map(bareName)], { timeout: 300 }),
    ]),
  ];
}

/**
 * Removes what was installed for the build only; not what the image had before, and not the
 * libraries that the app was linked with.
 */
export function purgeTemporary(baseline: ReadonlySet<string>): Command[] {
  return [
    { kind: "derive", query: shell(LINKED_PACKAGES), next: (out) => keepLinked(out, baseline) },
    {
      kind: "derive",
      query: run(["apt-get", "autoremove", "--simulate", ...KEEP_NO_RECOMMENDED]),
      next: (stdout) => purgeCommands(stdout, baseline),
    },
  ];
}

/**
 * @param owners what `dpkg-query --search` prints: `libpq5:amd64: /usr/lib/…/libpq.so.5`
 * @param baseline packages that stay anyway
 */
export function keepLinked(owners: string, baseline: ReadonlySet<string>): Command[] {
  const names = packageOwners(owners).filter((name) => !baseline.has(name));
  return names.length === 0 ? [] : [run(["apt-mark", "manual", "--", ...names])];
}

/**
 * Finds the packages with the libraries that files are linked with.
 * @param files a shell line of `find`, without what is done to them
 */
export function linkedPackages(files: string, next: (names: string[]) => Command[]): Command {
  return {
    kind: "derive",
    query: shell(`${files} -exec ldd {} + | ${SHARED_LIBRARIES}`),
    next: (owners) => next(packageOwners(owners)),
  };
}

/** The packages that `dpkg-query --search` names, each once. */
export function packageOwners(owners: string): string[] {
  const names = [...owners.matchAll(/^([a-z0-9][a-z0-9+.-]*)(?::[a-z0-9]+)?: \//gm)];
  return [...new Set(names.map((match) => match[1] ?? ""))];
}

/**
 * @param simulation what `apt-get autoremove --simulate` prints
 * @param baseline packages that stay although nothing needs them
 */
export function purgeCommands(simulation: string, baseline: ReadonlySet<string>): Command[] {
  const removable = [...simulation.matchAll(/^Remv (\S+)/gm)]
    .map((match) => match[1] ?? "")
    .filter((name) => !baseline.has(bareName(name)));
  return removable.length === 0 ? [] : [aptGet(["purge", "--", ...removable])];
}

/** Removes lists, archives and logs, but for folders that are the builder's caches. */
export function cleanApt(tree: Tree): Command[] {
  const emptied = [
    ...FOLDERS_TO_EMPTY,
    ...[LISTS, ARCHIVES].filter((folder) => !isMounted(folder, tree)),
  ];
  return [
    run(["find", ...emptied, "-mindepth", "1", "-type", "f", "-delete"]),
    shell(`rm -f ${LEFTOVERS.join(" ")}`),
  ];
}

/** Whether packages were installed, or apt has left anything to clean. */
export function hasAptTraces(tree: Tree, baseline: ReadonlySet<string>): boolean {
  const hasLists =
    !isMounted(LISTS, tree) &&
    tree.list(LISTS).some((name) => !name.endsWith("/") && name !== "lock");
  return hasLists || !installedPackages(tree).isSubsetOf(baseline);
}

/** Once in a build: lists that a cache has kept may be of another mirror or distribution. */
export function updateLists(): Command {
  return shell('test -e "$TMPDIR/apt-lists" || { apt-get update && touch "$TMPDIR/apt-lists"; }');
}

/** Whether the folder, or one in it, is not the image's own. */
export function isMounted(folder: string, tree: Tree): boolean {
  const mounts = (tree.read("/proc/mounts") ?? "").split("\n").map((line) => line.split(" ")[1]);
  return mounts.some((mount) => isWithin(mount ?? "", folder));
}

// --- internal ---

/** A package is not needed because another one recommends it. */
const KEEP_NO_RECOMMENDED = [
  ...["-o", "APT::AutoRemove::RecommendsImportant=false"],
  ...["-o", "APT::AutoRemove::SuggestsImportant=false"],
];

/** From what ldd prints to the packages that own the libraries, for a shell line. */
const SHARED_LIBRARIES = [
  // The loader shows the link /lib, dpkg knows the files in /usr/lib.
  "sed -n 's/.*=> \\(.*\\) (0x.*/\\1/p' | sort -u | xargs --no-run-if-empty realpath",
  "xargs --no-run-if-empty dpkg-query --search || true",
].join(" | ");

/** Which packages own the libraries that the app's native modules are linked with. */
const LINKED_PACKAGES = [
  `find ${[APP, BUILD, VENV].join(" ")} -type f '(' -name '*.so' -o -name '*.so.*' -o -name '*.node' ')' -exec ldd {} +`,
  SHARED_LIBRARIES,
].join(" | ");

/**
 * Of `a|b`, the first that the distribution has; the last one where it has none, so that apt says
 * that there is no such package.
 */
function choose(names: readonly string[], next: (chosen: string[]) => Command[]): Command[] {
  if (!names.some((name) => name.includes("|"))) return next([...names]);
  return [
    {
      kind: "derive",
      query: run(["bash", "-c", CHOOSE, "choose", ...names]),
      next: (chosen) => next([...new Set(chosen.split("\n").filter((name) => name !== ""))]),
    },
  ];
}

/**
 * A name that is only virtual is none that apt-cache shows. Of one that others only refer to it
 * shows nothing as well, and ends with 0.
 */
const CHOOSE = `for group; do
  for name in \${group//|/ }; do
    test -n "$(apt-cache show --no-all-versions -- "$name" 2>/dev/null)" && break
  done
  echo "$name"
done`;

function install(names: readonly string[]): Command {
  return aptGet(["install", "--no-install-recommends", "--", ...names]);
}

/** Without a terminal there is no progress to show. */
function aptGet(words: readonly string[]): Command {
  return run(["apt-get", "--yes", "-o", "Dpkg::Use-Pty=0", ...words], {
    env: { DEBIAN_FRONTEND: "noninteractive" },
  });
}

/** The name without version, release or architecture: "a" of "a=1.0", "a/stable", "a:amd64". */
function bareName(name: string): string {
  return name.replace(/[=/:].*$/, "");
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
