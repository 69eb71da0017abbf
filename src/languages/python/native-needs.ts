/** Debian packages that Python packages need: to be compiled, and to run. A table. */
import { BROWSER_LIBRARIES } from "../browser-libraries.ts";
import type { DeclaredPackage, DeclaredPackages } from "./manifests/declared-packages.ts";

/** What one package needs; names are alternatives, `a|b`: the first that a distribution has. */
export interface NativeNeed {
  /** As indexes have it. */
  package: string;
  /** To compile it: there is no wheel of it, or the wheel only has a part. */
  build?: readonly string[];
  /** What it loads or starts. */
  run?: readonly string[];
  /** What there is to do besides; of the app's people. */
  told?: string;
  /** Where the need depends on more than that it is there. */
  when?(found: DeclaredPackage, declared: DeclaredPackages): boolean;
}

/** For any package that has to be compiled, with Python's own headers. */
export const COMPILER = ["build-essential", "python3-dev"];

/** The same, with what finds libraries. */
export const HEADERS = [...COMPILER, "pkg-config"];

const GLIB = "libglib2.0-0t64|libglib2.0-0";
const PANGO = [
  "libpango-1.0-0",
  "libpangoft2-1.0-0",
  "libharfbuzz0b",
  "libharfbuzz-subset0|libharfbuzz0b",
];

/** Each from the documentation of the package. */
export const NEEDS: readonly NativeNeed[] = [
  // Databases
  { package: "psycopg2", build: [...COMPILER, "libpq-dev"], run: ["libpq5"] },
  {
    package: "psycopg",
    run: ["libpq5"],
    when: ({ extras }, declared) =>
      !extras.some((extra) => extra === "binary" || extra === "c") &&
      !declared.has("psycopg-binary") &&
      !declared.has("psycopg-c"),
  },
  { package: "psycopg-c", build: [...COMPILER, "libpq-dev"], run: ["libpq5"] },
  {
    package: "psycopg",
    build: [...COMPILER, "libpq-dev"],
    run: ["libpq5"],
    when: ({ extras }, declared) => extras.includes("c") && !declared.has("psycopg-c"),
  },
  {
    package: "mysqlclient",
    build: [...HEADERS, "default-libmysqlclient-dev"],
    run: ["libmariadb3"],
  },
  { package: "mariadb", build: [...COMPILER, "libmariadb-dev"], run: ["libmariadb3"] },
  { package: "pyodbc", build: [...COMPILER, "unixodbc-dev"], run: ["unixodbc"] },
  { package: "pymssql", run: ["libsybdb5"] },
  { package: "cx-oracle", build: COMPILER, run: ["libaio1t64|libaio1"] },
  { package: "oracledb", run: ["libaio1t64|libaio1"] },
  { package: "bsddb3", build: [...COMPILER, "libdb-dev"], run: ["libdb5.3t64|libdb5.3"] },
  {
    package: "pysqlcipher3",
    build: [...COMPILER, "libsqlcipher-dev"],
    run: ["libsqlcipher1|libsqlcipher0"],
  },
  { package: "plyvel", build: [...COMPILER, "libleveldb-dev"], run: ["libleveldb1d"] },
  // Pictures, documents
  { package: "pycairo", build: [...HEADERS, "libcairo2-dev"], run: ["libcairo2"] },
  { package: "cairosvg", run: ["libcairo2"] },
  { package: "cairocffi", run: ["libcairo2"] },
  {
    package: "pygobject",
    build: [...HEADERS, "libcairo2-dev", "libgirepository-2.0-dev|libgirepository1.0-dev"],
    run: ["libgirepository-2.0-0|libgirepository-1.0-1", "gir1.2-glib-2.0"],
  },
  {
    package: "weasyprint",
    run: [
      ...PANGO,
      "libgdk-pixbuf-2.0-0",
      "libffi8|libffi7",
      "shared-mime-info",
      "fonts-dejavu-core",
    ],
  },
  { package: "pdf2image", run: ["poppler-utils"] },
  {
    package: "pdftotext",
    build: [...HEADERS, "libpoppler-cpp-dev"],
    run: ["libpoppler-cpp2|libpoppler-cpp0v5|libpoppler-cpp1"],
  },
  { package: "ocrmypdf", run: ["tesseract-ocr", "ghostscript"] },
  { package: "pytesseract", run: ["tesseract-ocr"] },
  {
    package: "tesserocr",
    build: [...HEADERS, "libtesseract-dev", "libleptonica-dev"],
    run: ["tesseract-ocr"],
  },
  { package: "camelot-py", run: ["ghostscript", "libgl1", GLIB] },
  {
    package: "wand",
    run: ["libmagickwand-7.q16-10|libmagickwand-6.q16-7t64|libmagickwand-6.q16-6"],
  },
  {
    package: "pyvips",
    run: ["libvips42t64|libvips42"],
    when: (_, declared) => !declared.has("pyvips-binary"),
  },
  { package: "opencv-python", run: ["libgl1", GLIB] },
  { package: "opencv-contrib-python", run: ["libgl1", GLIB] },
  { package: "opencv-python-headless", run: [GLIB] },
  { package: "opencv-contrib-python-headless", run: [GLIB] },
  { package: "pyzbar", run: ["libzbar0t64|libzbar0"] },
  { package: "pylibdmtx", run: ["libdmtx0t64|libdmtx0b|libdmtx0a"] },
  { package: "graphviz", run: ["graphviz"] },
  { package: "pydot", run: ["graphviz"] },
  { package: "pygraphviz", build: [...HEADERS, "libgraphviz-dev"], run: ["graphviz"] },
  { package: "pypandoc", run: ["pandoc"], when: (_, declared) => !declared.has("pypandoc-binary") },
  {
    package: "python-poppler",
    build: [...HEADERS, "cmake", "libpoppler-cpp-dev"],
    run: ["libpoppler-cpp2|libpoppler-cpp0v5|libpoppler-cpp1"],
  },
  // Sound, films
  { package: "pydub", run: ["ffmpeg"] },
  { package: "moviepy", run: ["ffmpeg"] },
  { package: "ffmpeg-python", run: ["ffmpeg"] },
  { package: "yt-dlp", run: ["ffmpeg"] },
  { package: "openai-whisper", run: ["ffmpeg"] },
  { package: "librosa", run: ["libsndfile1"] },
  { package: "soundfile", run: ["libsndfile1"] },
  { package: "pyaudio", build: [...COMPILER, "portaudio19-dev"], run: ["libportaudio2"] },
  { package: "sounddevice", run: ["libportaudio2"] },
  { package: "pyttsx3", run: ["espeak-ng", "libespeak-ng1"] },
  { package: "discord-py", run: ["libopus0"], when: ({ extras }) => extras.includes("voice") },
  // Directories, keys, protocols
  {
    package: "python-ldap",
    build: [...COMPILER, "libldap2-dev", "libsasl2-dev"],
    run: ["libldap2|libldap-2.5-0", "libsasl2-2"],
  },
  { package: "kerberos", build: [...COMPILER, "libkrb5-dev"], run: ["libgssapi-krb5-2"] },
  { package: "gssapi", build: [...COMPILER, "libkrb5-dev"], run: ["libgssapi-krb5-2"] },
  {
    package: "xmlsec",
    build: [...HEADERS, "libxml2-dev", "libxmlsec1-dev"],
    run: ["libxmlsec1t64|libxmlsec1", "libxmlsec1t64-openssl|libxmlsec1-openssl"],
  },
  { package: "pysaml2", run: ["xmlsec1"] },
  {
    package: "python3-saml",
    run: ["libxmlsec1t64|libxmlsec1", "libxmlsec1t64-openssl|libxmlsec1-openssl"],
  },
  { package: "m2crypto", build: [...COMPILER, "swig", "libssl-dev"] },
  {
    package: "pycurl",
    build: [...COMPILER, "libcurl4-openssl-dev", "libssl-dev"],
    run: ["libcurl4t64|libcurl4"],
  },
  { package: "python-magic", run: ["libmagic1t64|libmagic1"] },
  { package: "gitpython", run: ["git"] },
  { package: "pyscard", build: [...COMPILER, "swig", "libpcsclite-dev"], run: ["libpcsclite1"] },
  { package: "pyusb", run: ["libusb-1.0-0"] },
  {
    package: "hidapi",
    build: [...COMPILER, "libusb-1.0-0-dev", "libudev-dev"],
    run: ["libusb-1.0-0"],
  },
  { package: "pybluez", build: [...COMPILER, "libbluetooth-dev"], run: ["libbluetooth3"] },
  {
    package: "dbus-python",
    build: [...HEADERS, "libdbus-1-dev", "libglib2.0-dev"],
    run: ["libdbus-1-3", GLIB],
  },
  { package: "systemd-python", build: [...HEADERS, "libsystemd-dev"] },
  {
    package: "netfilterqueue",
    build: [...COMPILER, "libnetfilter-queue-dev"],
    run: ["libnetfilter-queue1"],
  },
  { package: "scapy", run: ["libpcap0.8t64|libpcap0.8"] },
  {
    package: "pylibmc",
    build: [...COMPILER, "libmemcached-dev", "zlib1g-dev"],
    run: ["libmemcached11t64|libmemcached11", "libhashkit2t64|libhashkit2"],
  },
  // Servers, browsers, maps
  { package: "uwsgi", build: COMPILER },
  { package: "mod-wsgi", build: [...COMPILER, "apache2-dev"], run: ["apache2"] },
  {
    package: "playwright",
    run: BROWSER_LIBRARIES,
    told: "Playwright's browsers are not installed: a line of build.build can do that, such as: playwright install --only-shell chromium",
  },
  { package: "pyppeteer", run: BROWSER_LIBRARIES },
  { package: "gdal", build: [...COMPILER, "libgdal-dev"], run: ["gdal-bin"] },
  // Compilers of their own
  { package: "dlib", build: [...HEADERS, "cmake", "libopenblas-dev"], run: ["libopenblas0"] },
  { package: "llama-cpp-python", build: [...HEADERS, "cmake", "ninja-build"], run: ["libgomp1"] },
  { package: "lightgbm", run: ["libgomp1"] },
  { package: "xgboost", run: ["libgomp1"] },
  { package: "fasttext", build: COMPILER },
  { package: "pyfuse3", build: [...HEADERS, "libfuse3-dev"], run: ["libfuse3-4|libfuse3-3"] },
  { package: "jpype1", run: ["default-jre-headless"] },
  { package: "pyspark", run: ["default-jre-headless"] },
  { package: "tabula-py", run: ["default-jre-headless"] },
];
