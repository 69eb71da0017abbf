/** Pure: crates that are linked with libraries, and the Debian packages that those need. */

export interface NativeNeed {
  crates: readonly string[];
  /** Headers and tools, for the build; a compiler of C is there anyway. */
  build?: readonly string[];
  /** Libraries and programs that are there when the app runs; `a|b`: the first that there is. */
  run?: readonly string[];
  /** Another crate, with which they bring their own sources. */
  unless?: string;
  /** Words in the manifests, such as a feature, with which they do. */
  unlessFeature?: string;
}

const CMAKE = ["cmake", "g++", "make"];
const CLANG = ["libclang-dev", "clang"];
const PKG_CONFIG = "pkg-config";

/** Libraries that a program was linked with stay; what it opens by their names has to be named. */
export const NATIVE_NEEDS: readonly NativeNeed[] = [
  { crates: ["openssl-sys"], build: ["libssl-dev", PKG_CONFIG] },
  // It may be there for a feature that nobody asks for: both will do.
  { crates: ["openssl-src"], build: ["perl", "make"] },
  // Their own certificates are looked for where Debian has them.
  {
    crates: ["rustls-native-certs", "rustls-platform-verifier", "openssl-probe", "native-tls"],
    run: ["ca-certificates"],
  },
  { crates: ["pq-sys"], build: ["libpq-dev"] },
  {
    crates: ["mysqlclient-sys"],
    build: ["default-libmysqlclient-dev", PKG_CONFIG],
  },
  {
    crates: ["libsqlite3-sys"],
    build: ["libsqlite3-dev", PKG_CONFIG],
    unless: "sqlx-sqlite",
    unlessFeature: "bundled",
  },
  { crates: ["sqlite3-sys"], build: ["libsqlite3-dev"] },
  // They compile their own sources of C++.
  {
    crates: [
      ...["cxx", "link-cplusplus", "librocksdb-sys", "libduckdb-sys", "onig_sys", "esaxx-rs"],
      ...["tikv-jemalloc-sys", "jemalloc-sys", "snmalloc-sys", "re2-sys", "tree-sitter"],
    ],
    build: ["g++", "make"],
  },
  { crates: ["librocksdb-sys"], build: CLANG },
  // That one has it in its lock, and makes no use of it on the processors that there are here.
  { crates: ["bindgen", "clang-sys"], build: CLANG, unless: "aws-lc-sys" },
  {
    crates: [
      ...["cmake", "rdkafka-sys", "aws-lc-sys", "libz-ng-sys", "boring-sys", "mozjpeg-sys"],
      ...["opus", "audiopus_sys", "paho-mqtt-sys", "grpcio-sys"],
    ],
    build: CMAKE,
  },
  { crates: ["rdkafka-sys"], build: ["zlib1g-dev", "libssl-dev", "python3"] },
  { crates: ["libgit2-sys", "libssh2-sys"], build: ["libssl-dev", PKG_CONFIG, "zlib1g-dev"] },
  {
    crates: ["curl-sys"],
    build: ["libcurl4-openssl-dev", PKG_CONFIG],
    unlessFeature: "static-curl",
  },
  { crates: ["alsa-sys"], build: ["libasound2-dev", PKG_CONFIG] },
  { crates: ["libpulse-sys"], build: ["libpulse-dev", PKG_CONFIG] },
  { crates: ["libudev-sys", "libudev"], build: ["libudev-dev", PKG_CONFIG] },
  { crates: ["libdbus-sys"], build: ["libdbus-1-dev", PKG_CONFIG], unlessFeature: "vendored" },
  { crates: ["libusb1-sys"], build: ["libusb-1.0-0-dev", PKG_CONFIG] },
  { crates: ["pcap"], build: ["libpcap-dev"] },
  { crates: ["libsodium-sys"], build: ["libsodium-dev", PKG_CONFIG] },
  { crates: ["zmq-sys"], build: ["libzmq3-dev", PKG_CONFIG] },
  {
    crates: ["ffmpeg-sys-next"],
    build: [
      "libavcodec-dev",
      "libavformat-dev",
      "libavfilter-dev",
      "libavdevice-dev",
      "libswscale-dev",
      "libswresample-dev",
      PKG_CONFIG,
      ...CLANG,
    ],
  },
  { crates: ["gstreamer-sys"], build: ["libgstreamer1.0-dev", PKG_CONFIG] },
  { crates: ["libvips", "libvips-rs"], build: ["libvips-dev", PKG_CONFIG] },
  { crates: ["magick_rust"], build: ["libmagickwand-dev", PKG_CONFIG, ...CLANG] },
  {
    crates: ["leptonica-sys", "tesseract-sys"],
    build: ["libtesseract-dev", "libleptonica-dev", PKG_CONFIG, ...CLANG],
  },
  { crates: ["libheif-sys"], build: ["libheif-dev", PKG_CONFIG] },
  { crates: ["dav1d-sys"], build: ["libdav1d-dev", PKG_CONFIG] },
  { crates: ["turbojpeg-sys"], build: [...CMAKE, "nasm"] },
  { crates: ["rav1e"], build: ["nasm"] },
  {
    crates: ["yeslogic-fontconfig-sys", "servo-fontconfig-sys"],
    build: ["libfontconfig-dev", PKG_CONFIG],
    run: ["fontconfig"],
  },
  { crates: ["freetype-sys"], build: ["libfreetype-dev", PKG_CONFIG] },
  { crates: ["cairo-sys-rs"], build: ["libcairo2-dev", PKG_CONFIG] },
  { crates: ["glib-sys"], build: ["libglib2.0-dev", PKG_CONFIG] },
  { crates: ["libxml"], build: ["libxml2-dev", PKG_CONFIG] },
  { crates: ["libldap-sys", "openldap"], build: ["libldap-dev"] },
  { crates: ["pam-sys", "pam"], build: ["libpam0g-dev"] },
  { crates: ["libgssapi-sys"], build: ["libkrb5-dev", ...CLANG] },
  { crates: ["sasl2-sys"], build: ["libsasl2-dev", PKG_CONFIG] },
  { crates: ["odbc-sys"], build: ["unixodbc-dev"], run: ["unixodbc"] },
  { crates: ["hdf5-sys"], build: ["libhdf5-dev", PKG_CONFIG] },
  { crates: ["gdal-sys"], build: ["libgdal-dev", PKG_CONFIG, ...CLANG] },
  { crates: ["proj-sys"], build: ["libproj-dev", PKG_CONFIG, ...CMAKE, ...CLANG] },
  { crates: ["openblas-src"], build: ["libopenblas-dev", PKG_CONFIG, "gfortran"] },
  { crates: ["nettle-sys"], build: ["nettle-dev", PKG_CONFIG, ...CLANG] },
  { crates: ["gpgme-sys"], build: ["libgpgme-dev"] },
  { crates: ["protobuf-src"], build: [...CMAKE, "autoconf", "automake", "libtool"] },
  {
    crates: ["prost-build", "tonic-build", "tonic-prost-build"],
    build: ["protobuf-compiler", "libprotobuf-dev"],
    unless: "protoc-bin-vendored",
  },
];
