/** The archives of Debian and Ubuntu, and others that apt reads. */
import { NuaError } from "../lib/errors.ts";
import type { Address } from "./address.ts";
import { formatAptSource, parseAptSources } from "./apt-sources.ts";
import type { ImageFiles } from "./clients.ts";
import { indexItem } from "./item.ts";
import { mirrored } from "./mirror.ts";
import { encode, qualifiers } from "./package-url.ts";
import { defineRegistry } from "./registry.ts";
import { IN_CONFIG } from "./wanted-line.ts";

const VARIABLE = "NUA_APT_MIRROR";

export const apt = defineRegistry({
  kind: "deb",
  settings: [
    {
      ...{ name: "aptMirror", variable: VARIABLE, key: "apt.mirror" },
      about: "Address of a mirror of the distribution",
      holds: "address",
      check: { name: "apt mirror", path: "dists/" },
    },
  ],

  /** "Debian APT-HTTP/1.3". */
  agents: { debian: "apt" },

  /** apt takes the mirror and the certificates from files. */
  clients({ settings: { aptMirror }, folder, certificates, ignoresDates, image }) {
    const lines = certificates === null ? [] : [`Acquire::https::CAInfo "${certificates.all}";`];
    const files: { path: string; text: string }[] = [];
    // What was signed when it was recorded does not get worse with time, nor with a clock that is
    // behind: Release files that are not valid yet.
    if (ignoresDates) {
      lines.push('Acquire::Check-Valid-Until "false";', 'Acquire::Check-Date "false";');
    }
    if (aptMirror !== undefined) {
      const path = `${folder}/sources.list`;
      files.push({ path, text: mirrorSources(aptMirror, image) });
      lines.push(`Dir::Etc::sourcelist "${path}";`, 'Dir::Etc::sourceparts "/dev/null";');
    }
    if (image.isMounted(ARCHIVES)) {
      const parts = `${folder}/apt.conf.d`;
      files.push(...keptParts(image).map(({ name, text }) => ({ path: `${parts}/${name}`, text })));
      lines.push(`Dir::Etc::parts "${parts}";`);
    }
    if (lines.length === 0) return { env: {} };
    const path = `${folder}/apt.conf`;
    files.push({ path, text: `${lines.join("\n")}\n` });
    return { env: { APT_CONFIG: path }, files };
  },

  destinations({ url, client }, { aptMirror }) {
    const archive = client === "apt" ? ARCHIVE_BEGINNING.exec(url)?.[0] : undefined;
    return archive === undefined ? [] : mirrored(url, [archive], aptMirror);
  },

  checkMirror({ aptMirror }) {
    if (aptMirror === undefined || URL.canParse(aptMirror.trim())) return;
    throw new NuaError("usage", `Record: the mirror of apt is no address: "${aptMirror.trim()}"`, {
      hint: `name the address of a mirror of the distribution with ${VARIABLE}`,
    });
  },

  identify: (address) => readDeb(address) ?? readIndex(address),

  packageUrl({ name, version, arch, url }) {
    const vendor = /ubuntu/i.test(url) ? "ubuntu" : "debian";
    return `pkg:deb/${vendor}/${encode(name)}@${encode(version)}${qualifiers({ arch })}`;
  },

  wanted: [IN_CONFIG],
});

/**
 * The image's own sources with the distribution's archive at a mirror, for a temporary
 * sources.list. Debian's security archive is another one, and stays where it is: without it,
 * nothing could be installed that depends on exactly what the image was updated to.
 * @param mirror a URL, or whole lines as in sources.list(5) that replace all sources
 */
export function mirrorSources(mirror: string, image: Pick<ImageFiles, "read" | "list">): string {
  if (isSourceLines(mirror)) return `${mirror.trim()}\n`;
  const names = image.list(SOURCE_PARTS).map((name) => `${SOURCE_PARTS}/${name}`);
  const sources = ["/etc/apt/sources.list", ...names].flatMap((file) =>
    parseAptSources(file, image.read(file) ?? ""),
  );
  const lines = sources.map((source) =>
    formatAptSource(ARCHIVE.test(source.uri) ? { ...source, uri: mirror.trim() } : source),
  );
  return lines.map((line) => `${line}\n`).join("");
}

// --- internal ---

/** Lines of sources.list(5) stand for several mirrors. */
function isSourceLines(mirror: string): boolean {
  return /^deb\s/m.test(mirror);
}

const SOURCE_PARTS = "/etc/apt/sources.list.d";

const PARTS = "/etc/apt/apt.conf.d";

/** In images of Docker's library: it has apt remove what it has just downloaded. */
const CLEANER = "docker-clean";

/** Where apt keeps what it downloads. */
const ARCHIVES = "/var/cache/apt";

/** Where Debian and Ubuntu keep what a mirror mirrors. */
const ARCHIVE = /\/(debian|ubuntu|ubuntu-ports)\/?$/;
const ARCHIVE_BEGINNING = /^https?:\/\/[^/]+\/(?:debian|ubuntu|ubuntu-ports)\//;

/** The image's configuration of apt, for a folder of archives that outlives the build. */
function keptParts(image: ImageFiles): { name: string; text: string }[] {
  return image
    .list(PARTS)
    .filter((name) => !name.endsWith("/") && name !== CLEANER)
    .map((name) => ({ name, text: image.read(`${PARTS}/${name}`) ?? "" }));
}

/** deb-version(7): an underscore parts name, version and architecture. */
function readDeb({ file }: Address) {
  const [, name, version, arch] = /^([^_]+)_([^_]+)_([^_]+)\.u?deb$/.exec(file) ?? [];
  return name && version && arch ? { kind: "deb", name, version, arch } : undefined;
}

const LISTS = /^(InRelease|Release|Release\.gpg|(Packages|Sources|Index|Contents|Translation)\b)/;

function readIndex({ plain, file, path }: Address) {
  const isList = /\/dists\//.test(path) && (LISTS.test(file) || /\/by-hash\//.test(path));
  return isList || LISTS.test(file) ? indexItem(plain) : undefined;
}
