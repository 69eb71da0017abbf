/** Debian packages that gems need: to be compiled, and when the app runs. Pure. */
import type { RuntimePlace } from "../runtime.ts";
import type { Gems } from "./gems.ts";

export interface GemPackages {
  /** Headers of libraries, and programs of their builds. */
  build?: readonly string[];
  /** Libraries and programs that are there when the app runs; `a|b`: the first that there is. */
  run?: readonly string[];
}

const CURL = { run: ["libcurl4|libcurl4t64"] };
const IMAGEMAGICK = { run: ["imagemagick"] };
const MAGIC = { build: ["libmagic-dev"] };
const MYSQL = { build: ["default-libmysqlclient-dev"] };
const VIPS = { run: ["libvips42|libvips42t64"] };

/**
 * Libraries that something was linked with stay anyway. What is here for `run` is found only when
 * the app runs: programs, and libraries that are opened by their names (FFI).
 */
const GEMS: Readonly<Record<string, GemPackages>> = {
  charlock_holmes: { build: ["libicu-dev"] },
  curb: { build: ["libcurl4-openssl-dev"] },
  ethon: CURL,
  ffi: { build: ["libffi-dev"] },
  gpgme: { build: ["libgpgme-dev"] },
  gssapi: { run: ["libgssapi-krb5-2"] },
  "idn-ruby": { build: ["libidn-dev"] },
  image_processing: { run: [...VIPS.run, ...IMAGEMAGICK.run] },
  "magic-ruby": MAGIC,
  mimemagic: { build: ["shared-mime-info"], run: ["shared-mime-info"] },
  mini_magick: IMAGEMAGICK,
  mysql: MYSQL,
  mysql2: MYSQL,
  nokogiri: { build: ["libxml2-dev", "libxslt1-dev"] },
  pg: { build: ["libpq-dev"] },
  poppler: { build: ["libpoppler-glib-dev"] },
  psych: { build: ["libyaml-dev"] },
  rbnacl: { run: ["libsodium23"] },
  rmagick: { build: ["libmagickwand-dev"], ...IMAGEMAGICK },
  "ruby-filemagic": MAGIC,
  "ruby-graphviz": { run: ["graphviz"] },
  "ruby-ldap": { build: ["libldap-dev", "libsasl2-dev"] },
  "ruby-vips": VIPS,
  rugged: { build: ["cmake", "libssl-dev", "pkg-config"] },
  snappy: { build: ["cmake", "libsnappy-dev"] },
  sqlite3: { build: ["libsqlite3-dev"] },
  "streamio-ffmpeg": { run: ["ffmpeg"] },
  tiny_tds: { build: ["freetds-dev"] },
  trilogy: { build: ["libssl-dev", "zlib1g-dev"] },
  typhoeus: CURL,
};

/**
 * A compiler wherever there are gems of others: few apps have none that is native.
 * @param runtime where Ruby is: what Debian brings has its headers apart
 */
export function gemPackages(gems: Gems, runtime: RuntimePlace): Required<GemPackages> {
  const names = [...gems.all].sort();
  if (names.length === 0) return { build: [], run: [] };
  const found = names.flatMap((name): GemPackages[] => {
    if (!Object.hasOwn(GEMS, name)) return [];
    const { build, run = [] } = GEMS[name]!;
    // One that comes compiled is not compiled again.
    return build === undefined || gems.lock?.compiled.has(name) ? [{ run }] : [{ build, run }];
  });
  const hasGit = gems.lock?.hasGit === true || gems.gemfile.gems.some((one) => one.isElsewhere);
  return {
    build: unique([
      "build-essential",
      // The headers of a compiled Ruby came with it.
      ...(runtime === "none" ? ["ruby-dev"] : []),
      ...found.flatMap(({ build = [] }) => build),
      ...(hasGit ? ["git"] : []),
    ]),
    run: unique(found.flatMap(({ run = [] }) => run)),
  };
}

// --- internal ---

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
