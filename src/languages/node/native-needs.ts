/** Debian packages that npm packages need: to be compiled, and to run. A table. */
import { semver } from "../../lib/semver.ts";
import { BROWSER_LIBRARIES } from "../browser-libraries.ts";

/** What one package needs; names are alternatives, `a|b`: the first that a distribution has. */
export interface NativeNeed {
  /** Any of them. */
  packages: readonly string[];
  /** The versions that need it, as a range of semver; absent: all. */
  versions?: string;
  /** Whether it is compiled on this system: there is no ready program of it in the registry. */
  compiles?: boolean;
  /** Headers and programs of its build. */
  build?: readonly string[];
  /** What it loads or starts. */
  run?: readonly string[];
  /** Only where the app itself asks for it: others have it for their tests. */
  direct?: boolean;
  /** Another package that makes this unnecessary. */
  unless?: string;
  /** Of the build and the running app; `SOURCE` stands for the app's folder. */
  env?: Readonly<Record<string, string>>;
  /** What there is to do besides. */
  told?: string;
}

/**
 * Many fetch a ready program from their authors' own place (mostly releases of GitHub), and compile
 * where they do not get it: no mirror has these, and no bundle, so the compiler is there for them.
 */
export const NATIVE_NEEDS: readonly NativeNeed[] = [
  { packages: ["better-sqlite3", "sqlite3", "better-sqlite3-multiple-ciphers"], compiles: true },
  { packages: ["bcrypt"], versions: "<6", compiles: true },
  { packages: ["argon2"], versions: "<0.40", compiles: true },
  {
    packages: ["node-sass", "node-expat", "libxmljs", "libxmljs2", "re2", "isolated-vm"],
    compiles: true,
  },
  {
    packages: [
      "node-pty",
      "tree-sitter",
      "@discordjs/opus",
      "unix-dgram",
      "farmhash",
      "epoll",
      "i2c-bus",
    ],
    compiles: true,
  },
  {
    packages: [
      "hiredis",
      "iconv",
      "integer",
      "node-report",
      "gc-stats",
      "heapdump",
      "weak-napi",
      "ref-napi",
      "ffi-napi",
    ],
    compiles: true,
  },
  {
    packages: ["canvas"],
    compiles: true,
    build: [
      ...["pkg-config", "libcairo2-dev", "libpango1.0-dev", "libjpeg-dev", "libgif-dev"],
      ...["librsvg2-dev", "libpixman-1-dev"],
    ],
    run: [
      ...["libcairo2", "libpango-1.0-0", "libpangocairo-1.0-0", "libjpeg-turbo8|libjpeg62-turbo"],
      ...["libgif7", "librsvg2-2", "fonts-dejavu-core"],
    ],
  },
  {
    packages: ["sharp"],
    versions: "<0.33",
    compiles: true,
    build: ["pkg-config", "libvips-dev"],
    run: ["libvips42t64|libvips42"],
  },
  { packages: ["pg-native", "libpq"], compiles: true, build: ["libpq-dev"], run: ["libpq5"] },
  {
    packages: ["node-rdkafka"],
    compiles: true,
    build: ["libsasl2-dev", "libssl-dev", "zlib1g-dev", "libzstd-dev"],
    run: ["libsasl2-2"],
  },
  {
    packages: ["odbc"],
    compiles: true,
    build: ["unixodbc-dev"],
    run: ["libodbc2|libodbc1", "odbcinst"],
  },
  {
    packages: ["node-libcurl"],
    compiles: true,
    build: ["libcurl4-openssl-dev"],
    run: ["libcurl4t64|libcurl4"],
  },
  { packages: ["kerberos"], compiles: true, build: ["libkrb5-dev"], run: ["libgssapi-krb5-2"] },
  {
    packages: ["pcap", "cap"],
    compiles: true,
    build: ["libpcap-dev"],
    run: ["libpcap0.8t64|libpcap0.8"],
  },
  {
    packages: ["robotjs"],
    compiles: true,
    build: ["libx11-dev", "libxtst-dev", "libpng-dev"],
    run: ["libx11-6", "libxtst6"],
  },
  {
    packages: ["usb", "node-hid"],
    build: ["libudev-dev", "libusb-1.0-0-dev"],
    run: ["libudev1", "libusb-1.0-0"],
  },
  {
    packages: ["speaker"],
    compiles: true,
    build: ["libasound2-dev"],
    run: ["libasound2t64|libasound2"],
  },
  { packages: ["sodium"], compiles: true, build: ["autoconf", "automake", "libtool"] },
  {
    packages: ["zeromq"],
    versions: "<5",
    compiles: true,
    build: ["libzmq3-dev"],
    run: ["libzmq5"],
  },
  {
    packages: [
      "mozjpeg",
      "optipng-bin",
      "pngquant-bin",
      "gifsicle",
      "jpegtran-bin",
      "cwebp-bin",
      "jpegoptim-bin",
    ],
    compiles: true,
    build: ["autoconf", "automake", "libtool", "nasm", "pkg-config", "libpng-dev", "zlib1g-dev"],
  },
  { packages: ["prisma", "@prisma/client"], run: ["openssl"] },
  {
    packages: ["@prisma/engines"],
    versions: "<7",
    told: "Prisma fetches its engines from binaries.prisma.sh: no bundle holds them; PRISMA_ENGINES_MIRROR names another place",
  },
  {
    packages: ["fluent-ffmpeg", "ffmpeg", "@ffprobe-installer/ffprobe"],
    run: ["ffmpeg"],
    unless: "ffmpeg-static",
  },
  { packages: ["gm"], run: ["graphicsmagick", "imagemagick"] },
  {
    packages: ["imagemagick", "node-imagemagick", "easyimage", "imagemagick-native"],
    run: ["imagemagick"],
  },
  {
    packages: ["ghostscript4js"],
    compiles: true,
    build: ["libgs-dev"],
    run: ["ghostscript", "libgs10|libgs9"],
  },
  {
    packages: ["pdf2pic", "pdf-image"],
    run: ["graphicsmagick", "imagemagick", "ghostscript", "poppler-utils"],
  },
  {
    packages: ["node-poppler", "pdf-poppler", "pdf-to-text", "pdftotextjs"],
    run: ["poppler-utils"],
  },
  { packages: ["node-tesseract-ocr", "tesseractocr"], run: ["tesseract-ocr"] },
  {
    packages: ["libreoffice-convert", "office-to-pdf"],
    run: ["libreoffice-writer-nogui", "libreoffice-calc-nogui", "libreoffice-impress-nogui"],
  },
  { packages: ["wkhtmltopdf", "node-wkhtmltopdf"], run: ["wkhtmltopdf"] },
  { packages: ["simple-git", "gift", "nodegit", "git-client"], run: ["git"] },
  { packages: ["youtube-dl-exec", "yt-dlp-exec"], run: ["ffmpeg"] },
  { packages: ["pm2"], run: ["procps"] },
  {
    packages: ["puppeteer"],
    direct: true,
    run: BROWSER_LIBRARIES,
    env: { PUPPETEER_CACHE_DIR: "SOURCE/.cache/puppeteer" },
    told: "puppeteer fetches its browser from storage.googleapis.com while it is installed: no bundle holds it; PUPPETEER_CHROME_DOWNLOAD_BASE_URL names another place",
  },
  {
    packages: [
      "playwright",
      "playwright-core",
      "playwright-chromium",
      "@playwright/browser-chromium",
    ],
    direct: true,
    run: BROWSER_LIBRARIES,
    // Beside its own module, so that it is in the image.
    env: { PLAYWRIGHT_BROWSERS_PATH: "0" },
    told: 'playwright brings no browser: "npx playwright install --only-shell chromium" as a line of build.build, after "...", fetches it',
  },
];

export function applies({ versions }: NativeNeed, version: string): boolean {
  if (versions === undefined) return true;
  const exact = semver.valid(version);
  if (exact !== null) return semver.satisfies(exact, versions, { includePrerelease: true });
  // A range of the manifest's, where there is no lock file: its lowest version.
  const lowest = semver.validRange(version) === null ? null : semver.minVersion(version);
  return lowest !== null && semver.satisfies(lowest, versions);
}
