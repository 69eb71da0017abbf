/**
 * Packages of a Debian release, unpacked into a folder: nothing of them is installed, and neither
 * apt's lists nor anything else of the machine changes.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { $ } from "zx";

export interface UnpackRequest {
  /** Its name, such as "bookworm". */
  release: string;
  packages: readonly string[];
  /** Where they are unpacked; once it is there it is whole. */
  folder: string;
}

/** @throws Error when apt cannot get them */
export async function unpackDebianPackages(request: UnpackRequest): Promise<void> {
  const { release, packages, folder } = request;
  if (existsSync(folder)) return;
  await mkdir(join(folder, ".."), { recursive: true });
  const work = await mkdtemp(`${folder}.`);
  try {
    const apt = await configureApt(work, release);
    await apt(["update"]);
    await apt(["download", ...packages.map((name) => `${name}/${release}`)]);
    const tree = join(work, "tree");
    const archives = readdirSync(work).filter((name) => name.endsWith(".deb"));
    for (const name of archives) await $({ quiet: true })`dpkg -x ${join(work, name)} ${tree}`;
    await rename(tree, folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

// --- internal ---

const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** An apt that knows of nothing but one release: source: apt.conf(5), sources.list(5). */
async function configureApt(
  work: string,
  release: string,
): Promise<(words: readonly string[]) => Promise<unknown>> {
  const sources = join(work, "sources.list");
  await writeFile(sources, `deb [signed-by=${KEYRING}] ${findMirror()} ${release} main\n`);
  for (const name of ["state/lists/partial", "cache/archives/partial", "none"]) {
    await mkdir(join(work, name), { recursive: true });
  }
  await writeFile(join(work, "status"), "");
  const options = [
    `Dir::Etc::SourceList=${sources}`,
    `Dir::Etc::SourceParts=${join(work, "none")}`,
    `Dir::Etc::Preferences=${join(work, "none/preferences")}`,
    `Dir::Etc::PreferencesParts=${join(work, "none")}`,
    `Dir::State=${join(work, "state")}`,
    `Dir::State::status=${join(work, "status")}`,
    `Dir::Cache=${join(work, "cache")}`,
    // The folder is this user's alone.
    "APT::Sandbox::User=root",
  ].flatMap((option) => ["-o", option]);
  const run = $({
    cwd: work,
    quiet: true,
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
  return (words) => run`${["apt-get", "-qq", ...options, ...words]}`;
}

/** The mirror that this machine itself uses, if it is a Debian; else Debian's own address. */
function findMirror(): string {
  const parts = "/etc/apt/sources.list.d";
  const files = existsSync(parts) ? readdirSync(parts).map((name) => join(parts, name)) : [];
  const texts = ["/etc/apt/sources.list", ...files]
    .filter((file) => existsSync(file) && /\.(list|sources)$/.test(file))
    .map((file) => readFileSync(file, "utf8"));
  const found = /^(?:URIs: *|deb (?:\[.*?\] *)?)(\S+\/debian)\/?(?:\s|$)/m.exec(texts.join("\n"));
  return found?.[1] ?? "http://deb.debian.org/debian";
}
