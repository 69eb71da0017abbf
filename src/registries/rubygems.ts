/** rubygems.org, and the sources of Ruby itself. */
import { publicUrl } from "../lib/secrets.ts";
import { withSlash } from "../lib/urls.ts";
import type { Address } from "./address.ts";
import { indexItem } from "./item.ts";
import { mirrored } from "./mirror.ts";
import { encode, qualifiers } from "./package-url.ts";
import { defineRegistry } from "./registry.ts";
import { anyVersion, IN_CONFIG, type WantedRule } from "./wanted-line.ts";

/** Where the sources of Ruby are; a mirror keeps its layout. */
export const RUBY_SOURCES = "https://cache.ruby-lang.org/pub/ruby/";

/** The last OpenSSL that Ruby before 3.1 can be built with, and its path below a mirror. */
export const OLD_OPENSSL = {
  url: "https://github.com/openssl/openssl/releases/download/OpenSSL_1_1_1w/openssl-1.1.1w.tar.gz",
  path: "openssl-1.1.1w.tar.gz",
} as const;

export const RUBY_MIRROR_VARIABLE = "NUA_RUBY_MIRROR";

export const rubygems = defineRegistry({
  kind: "gem",
  settings: [
    {
      ...{ name: "rubyMirror", variable: RUBY_MIRROR_VARIABLE, key: "ruby.mirror" },
      about: "Address of a copy of Ruby's sources",
      holds: "address",
      check: { name: "ruby mirror", path: "" },
    },
    {
      ...{ name: "gemMirror", variable: "NUA_GEM_MIRROR", key: "gem.mirror" },
      about: "Address of a mirror of gems",
      holds: "address",
    },
  ],

  /** "Ruby, RubyGems/3.3.15". */
  agents: { ruby: "rubygems" },

  /** Source: RubyGems, "gem environment", GEMRC. */
  clients({ settings: { rubyMirror, gemMirror }, folder, certificates }) {
    const gemrc = `${folder}/gemrc`;
    return {
      env: {
        // Read by app_builder itself, when a script of the app's calls it.
        ...(rubyMirror === undefined ? {} : { [RUBY_MIRROR_VARIABLE]: rubyMirror }),
        ...(gemMirror === undefined ? {} : { BUNDLE_MIRROR__ALL: gemMirror, GEMRC: gemrc }),
        ...(certificates === null ? {} : { BUNDLE_SSL_CA_CERT: certificates.all }),
      },
      files:
        gemMirror === undefined
          ? []
          : [{ path: gemrc, text: `:sources:\n- ${JSON.stringify(gemMirror)}\n` }],
    };
  },

  destinations({ url }, { gemMirror, rubyMirror }) {
    if (url === OLD_OPENSSL.url && rubyMirror !== undefined) {
      return [{ url: withSlash(publicUrl(rubyMirror)) + OLD_OPENSSL.path, mirror: null }];
    }
    return [
      ...mirrored(url, ["https://rubygems.org/", "https://index.rubygems.org/"], gemMirror),
      ...mirrored(url, [RUBY_SOURCES], rubyMirror),
    ];
  },

  identify: (address) => readGem(address) ?? readIndex(address),

  nameOf: (segments) => segments.at(-1) ?? "",

  packageUrl: ({ name, version, arch }) =>
    `pkg:gem/${encode(name)}@${encode(version)}${qualifiers({ platform: arch })}`,

  wanted: [
    { file: /^Gemfile\.lock$/, find: findInLock },
    { file: /^Gemfile$|\.gemspec$/, find: anyVersion(gemNames) },
    IN_CONFIG,
  ],
});

// --- internal ---

/** What may follow the version of a gem. */
const PLATFORM =
  /^(x86|x64|x86_64|i[3-6]86|amd64|arm|armv\w+|arm64|aarch64|universal|java|jruby|mswin|mingw|s390x?|ppc\w*|powerpc\w*|riscv\w*|mips\w*)/;

function readGem({ file }: Address) {
  const match = /^(.+?)-(\d[\w.]*)(?:-(.+))?\.gem$/.exec(file);
  const [, name = "", version = "", platform] = match ?? [];
  if (match === null) return undefined;
  if (platform === undefined) return { kind: "gem", name, version };
  if (PLATFORM.test(platform)) return { kind: "gem", name, version, arch: platform };
  // A number in the middle of its name is not its version.
  const [, longName = "", last = ""] = /^(.+)-(\d[\w.]*)\.gem$/.exec(file) ?? [];
  return { kind: "gem", name: longName, version: last };
}

function readIndex({ plain, path, file, client }: Address) {
  const isSpecs = /^(latest_|prerelease_)?specs\.[\d.]+(\.gz)?$/.test(file);
  const isQuick = /\/quick\/Marshal\.[\d.]+\//.test(path);
  const isRuby = /^(ruby|rubygems|bundler|gem)$/i.test(client);
  const isCompact = isRuby && /(^\/|\/)(versions|names|info\/[^/]+|dependencies)$/.test(path);
  return isSpecs || isQuick || isCompact ? indexItem(plain) : undefined;
}

function gemNames(line: string): string[] {
  return [...line.matchAll(/(?:gem|dependency)\s*\(?\s*["']([^"']+)["']/g)].map(
    ([, name]) => name!,
  );
}

/** `    rails (7.1.2)`, `    nokogiri (1.15.5-x86_64-linux)`; six spaces are what a gem wants. */
function findInLock(...[lines, { name, arch }, version]: Parameters<WantedRule["find"]>): number {
  const versions = arch === undefined ? [version] : [`${version}-${arch}`, version];
  return lines.findIndex((line) => {
    const [, found, given] = /^ {4}(\S+) \(([^)]+)\)$/.exec(line) ?? [];
    return found === name && (version === "" || versions.includes(given!));
  });
}
