/**
 * Pure: packages that are linked with libraries, or that call programs, and the Debian packages that
 * those need. A compiler of C and C++ is there for the build anyway; OpenSSL, zlib, ncurses and the
 * library of C++, which Erlang itself is linked with, are in every image.
 */

export interface NativeNeed {
  packages: readonly string[];
  /** Headers and tools, for the build. */
  build?: readonly string[];
  /** Libraries and programs that are there when the app runs; `a|b`: the first that there is. */
  run?: readonly string[];
}

export const NATIVE_NEEDS: readonly NativeNeed[] = [
  { packages: ["fast_tls", "p1_tls"], build: ["libssl-dev"] },
  { packages: ["fast_xml", "p1_xml"], build: ["libexpat1-dev"], run: ["libexpat1"] },
  { packages: ["fast_yaml", "p1_yaml"], build: ["libyaml-dev"], run: ["libyaml-0-2"] },
  { packages: ["ezlib", "p1_zlib"], build: ["zlib1g-dev"] },
  { packages: ["epam", "p1_pam"], build: ["libpam0g-dev"] },
  {
    packages: ["eimp", "p1_eimp"],
    build: ["libgd-dev", "libjpeg-dev", "libpng-dev", "libwebp-dev"],
    run: ["libgd3", "libjpeg62-turbo|libjpeg-turbo8", "libpng16-16t64|libpng16-16", "libwebp7"],
  },
  {
    packages: ["enacl", "libsalty", "libsalty2", "libsodium", "kcl"],
    build: ["libsodium-dev"],
    run: ["libsodium23"],
  },
  { packages: ["rocksdb", "erocksdb"], build: ["cmake"] },
  { packages: ["rustler"], build: ["cargo-web|cargo", "rustc-web|rustc"] },
  { packages: ["mogrify", "ex_image_info"], run: ["imagemagick"] },
  { packages: ["ffmpex", "thumbnex"], run: ["ffmpeg"] },
  { packages: ["chromic_pdf"], run: ["chromium|chromium-browser"] },
  { packages: ["pdf_generator"], run: ["wkhtmltopdf"] },
  { packages: ["gen_magic", "majic"], build: ["libmagic-dev"], run: ["libmagic1t64|libmagic1"] },
  { packages: ["ex_snappy", "snappyer"], build: ["libsnappy-dev"], run: ["libsnappy1v5"] },
];

/** Packages that fetch a program or a library from a forge while they are built: no mirror of Hex has it. */
export const FETCHES: Readonly<Record<string, string>> = {
  tailwind: "its program",
  dart_sass: "its program",
  bun: "its program",
  rustler_precompiled: "compiled libraries",
  cc_precompiler: "compiled libraries",
  vix: "compiled libraries",
  evision: "compiled libraries",
  xla: "compiled libraries",
  appsignal: "its agent",
};
