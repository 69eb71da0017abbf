/** Pure: which Debian package has a library that a program is linked with. */

/** Those of the C library, and of packages that dpkg, apt and bash need: every Linux base has them. */
export function isInEveryBase(soname: string): boolean {
  return LIBC.test(soname) || ESSENTIAL.has(soname);
}

/**
 * Names of packages, the one to be taken first, with "|" between them. By Debian Policy 8.1 a package
 * is called as its library is; `t64` has been added to those of 2024 whose types of time have changed.
 * One that every Linux base has comes last, so that what no distribution has is told by
 * the check of the program, which names the libraries.
 */
export function packageOf(soname: string): string {
  const known = EXCEPTIONS.get(soname) ?? patternOf(soname);
  if (known !== undefined) return known;
  const name = policyName(soname);
  return NAME.test(name) ? `${name}|${name}t64|${ALWAYS}` : ALWAYS;
}

// --- internal ---

const ALWAYS = "libc6";

const NAME = /^[a-z\d][a-z\d+.-]{1,80}$/;

const LIBC =
  /^(?:ld-linux[\w-]*\.so\.\d+|lib(?:c|m|dl|pthread|rt|resolv|util|anl|mvec|thread_db|BrokenLocale|c_malloc_debug)\.so\.\d+|libnsl\.so\.1|libnss_[a-z]+\.so\.2)$/;

const ESSENTIAL: ReadonlySet<string> = new Set([
  ...["libgcc_s.so.1", "libstdc++.so.6", "libz.so.1", "libbz2.so.1.0", "liblzma.so.5"],
  ...["libzstd.so.1", "libcrypt.so.1", "libselinux.so.1", "libtinfo.so.6"],
]);

/** Debian Policy 8.1: `libfoo.so.1` is libfoo1, `libfoo2.so.1` libfoo2-1, `libfoo-1.so` libfoo-1. */
function policyName(soname: string): string {
  return soname
    .slice(0, 100)
    .replace(/(\d)\.so\./, "$1-")
    .replace(/\.so(?:\.|$)/, "")
    .replaceAll("_", "-")
    .toLowerCase();
}

/** Packages with several libraries, and those that are called otherwise. Source: packages.debian.org. */
const EXCEPTIONS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "libcrypto.so.3": "libssl3|libssl3t64",
    "libssl.so.3": "libssl3|libssl3t64",
    "libjpeg.so.62": "libjpeg62-turbo|libjpeg62",
    "libjpeg.so.8": "libjpeg-turbo8|libjpeg8",
    "libxml2.so.2": "libxml2",
    "libxslt.so.1": "libxslt1.1",
    "libexslt.so.0": "libxslt1.1",
    "libglib-2.0.so.0": "libglib2.0-0|libglib2.0-0t64",
    "libgobject-2.0.so.0": "libglib2.0-0|libglib2.0-0t64",
    "libgio-2.0.so.0": "libglib2.0-0|libglib2.0-0t64",
    "libgmodule-2.0.so.0": "libglib2.0-0|libglib2.0-0t64",
    "libgthread-2.0.so.0": "libglib2.0-0|libglib2.0-0t64",
    "libgdk-3.so.0": "libgtk-3-0|libgtk-3-0t64",
    "libgdk_pixbuf-2.0.so.0": "libgdk-pixbuf-2.0-0",
    "libpangocairo-1.0.so.0": "libpangocairo-1.0-0",
    "libatk-bridge-2.0.so.0": "libatk-bridge2.0-0|libatk-bridge2.0-0t64",
    "libatk-1.0.so.0": "libatk1.0-0|libatk1.0-0t64",
    "libsmime3.so": "libnss3",
    "libssl3.so": "libnss3",
    "libnssutil3.so": "libnss3",
    "libplc4.so": "libnspr4",
    "libplds4.so": "libnspr4",
    "libmagickcore-6.q16.so.6": "libmagickcore-6.q16-6",
    "libpcreposix.so.3": "libpcre3",
    "libcom_err.so.2": "libcom-err2|libcomerr2",
    "libk5crypto.so.3": "libk5crypto3",
    "liblber-2.5.so.0": "libldap-2.5-0",
    "liblber-2.4.so.2": "libldap-2.4-2",
    "liblber.so.2": "libldap2",
    "libsasl2.so.2": "libsasl2-2",
    "libasn1.so.8": "libasn1-8-heimdal",
    "libgssapi.so.3": "libgssapi3-heimdal|libgssapi3t64-heimdal",
    "libform.so.6": "libncurses6",
    "libpanel.so.6": "libncurses6",
    "libmenu.so.6": "libncurses6",
    "libformw.so.6": "libncursesw6",
    "libpanelw.so.6": "libncursesw6",
    "libmenuw.so.6": "libncursesw6",
    "libevent_core-2.1.so.7": "libevent-core-2.1-7|libevent-core-2.1-7t64",
    "libboost_system.so.1": "libboost-system1",
    "libasound.so.2": "libasound2|libasound2t64",
    "libGLdispatch.so.0": "libglvnd0",
    "libyaml-0.so.2": "libyaml-0-2",
    "libaio.so.1": "libaio1",
    "libaio.so.1t64": "libaio1t64",
    "libgnutls-dane.so.0": "libgnutls-dane0",
    "liburing.so.2": "liburing2",
    "liblua5.1.so.0": "liblua5.1-0",
  }),
);

/** Families of libraries: one package has them all. */
function patternOf(soname: string): string | undefined {
  const [, icu] = /^libicu(?:uc|data|i18n|io|tu|test)\.so\.(\d+)$/.exec(soname) ?? [];
  if (icu !== undefined) return `libicu${icu}|${ALWAYS}`;
  const [, python] = /^libpython(3\.\d+)\.so\.1\.0$/.exec(soname) ?? [];
  if (python !== undefined) return `libpython${python}|libpython${python}t64|${ALWAYS}`;
  const [, boost, release] = /^libboost_([a-z_]+)\.so\.(\d+\.\d+\.\d+)$/.exec(soname) ?? [];
  if (boost !== undefined) return `libboost-${boost.replaceAll("_", "-")}${release}|${ALWAYS}`;
  const [, ffmpeg] = /^(lib(?:av|sw|postproc)[a-z]*\.so\.\d+)$/.exec(soname) ?? [];
  return ffmpeg === undefined ? undefined : `${policyName(ffmpeg)}|${ALWAYS}`;
}
