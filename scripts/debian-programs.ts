/**
 * Downloads Debian packages and unpacks their programs into a folder, without installing anything.
 */
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { $ } from "zx";
import { formatAptSource, parseAptSources } from "../src/registries/apt-sources.ts";

/** Where a machine of another system finds Debian. */
const ARCHIVE = "http://deb.debian.org/debian";
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

export interface PackageSet {
  /** Of the folder that they are unpacked into. */
  name: string;
  /** Release of Debian. */
  suite: string;
  packages: readonly string[];
}

/**
 * Downloads and unpacks packages, without those that they depend on, unless that was done before.
 * @param cache the folder that keeps them
 * @returns the folder that stands for "/" in the packages
 * @throws Error (of zx) when apt cannot have one of them
 */
export async function unpackPrograms(
  { name, suite, packages }: PackageSet,
  cache: string,
  log: (line: string) => void,
): Promise<string> {
  const folder = join(cache, name);
  const wanted = `${suite} ${packages.join(" ")}\n`;
  const marker = join(folder, "unpacked");
  if (existsSync(marker) && (await readFile(marker, "utf8")) === wanted) return folder;
  log(`download ${packages.join(" ")} of Debian ${suite}`);
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, "part-"));
  try {
    await download(suite, packages, work);
    const root = join(work, "root");
    const debs = join(work, "debs");
    for (const file of await readdir(debs)) {
      await $({ quiet: true })`dpkg -x ${join(debs, file)} ${root}`;
    }
    await writeFile(join(root, "unpacked"), wanted);
    await rm(folder, { recursive: true, force: true });
    // Two that do this at once unpack the same: whoever is second keeps what is there.
    await rename(root, folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return folder;
}

// --- internal ---

/** Into the folder "debs" of the work folder; apt keeps its lists and its cache there as well. */
async function download(suite: string, packages: readonly string[], work: string): Promise<void> {
  const at = (path: string) => join(work, path);
  for (const path of ["lists/partial", "cache/archives/partial", "debs"]) {
    await mkdir(at(path), { recursive: true });
  }
  const source = { uri: await debianMirror(), suite, components: ["main"], signedBy: KEYRING };
  await writeFile(at("status"), "");
  await writeFile(at("sources.list"), `${formatAptSource(source)}\n`);
  const options = Object.entries({
    "Dir::Etc::sourcelist": at("sources.list"),
    "Dir::Etc::sourceparts": "/dev/null",
    "Dir::Etc::preferences": "/dev/null",
    "Dir::Etc::preferencesparts": "/dev/null",
    "Dir::State::lists": at("lists"),
    // What this machine has installed may be newer than what the source has.
    "Dir::State::status": at("status"),
    "Dir::Cache": at("cache"),
    "APT::Sandbox::User": "root",
    "Acquire::Languages": "none",
    "Acquire::Retries": "3",
  }).flatMap(([key, value]) => ["-o", `${key}=${value}`]);
  const apt = $({ quiet: true, cwd: at("debs") });
  await apt`apt-get ${options} update -qq`;
  await apt`apt-get ${options} download -qq ${packages}`;
}

/** The one that the machine takes its own packages from, where it is a Debian. */
async function debianMirror(): Promise<string> {
  const release = await readFile("/etc/os-release", "utf8");
  const codename = /^VERSION_CODENAME="?(\w+)/m.exec(release)?.[1];
  if (!/^ID="?debian"?$/m.test(release)) return ARCHIVE;
  const parts = "/etc/apt/sources.list.d";
  const names = await readdir(parts).catch(() => []);
  const files = ["/etc/apt/sources.list", ...names.sort().map((name) => join(parts, name))];
  for (const file of files) {
    const sources = parseAptSources(file, await readFile(file, "utf8").catch(() => ""));
    const own = sources.find(
      ({ suite, components }) => suite === codename && components.includes("main"),
    );
    if (own) return own.uri;
  }
  return ARCHIVE;
}
