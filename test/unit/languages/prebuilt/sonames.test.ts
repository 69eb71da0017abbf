import { expect, test } from "bun:test";
import { isInEveryBase, packageOf } from "../../../../src/languages/prebuilt/sonames.ts";

test.each([
  ["libmicrohttpd.so.12", "libmicrohttpd12|libmicrohttpd12t64|libc6"],
  ["libsqlite3.so.0", "libsqlite3-0|libsqlite3-0t64|libc6"],
  ["libgssapi_krb5.so.2", "libgssapi-krb5-2|libgssapi-krb5-2t64|libc6"],
  ["libX11.so.6", "libx11-6|libx11-6t64|libc6"],
  ["libnss3.so", "libnss3|libnss3t64|libc6"],
  ["libssl.so.3", "libssl3|libssl3t64"],
  ["libicuuc.so.72", "libicu72|libc6"],
  ["libpython3.11.so.1.0", "libpython3.11|libpython3.11t64|libc6"],
  ["libboost_program_options.so.1.74.0", "libboost-program-options1.74.0|libc6"],
  ["lib$(reboot).so.1", "libc6"],
  ["-oOption.so", "libc6"],
  ["constructor", "constructor|constructort64|libc6"],
  [`lib${"x".repeat(5000)}.so.1`, "libc6"],
])("%s", (soname, names) => {
  expect(packageOf(soname)).toBe(names);
});

test("what every Linux base has", () => {
  const those = [
    "libc.so.6",
    "ld-linux-x86-64.so.2",
    "libm.so.6",
    "libnss_files.so.2",
    "libz.so.1",
  ];
  expect(those.filter((soname) => !isInEveryBase(soname))).toEqual([]);
  expect(isInEveryBase("libcurl.so.4")).toBe(false);
});
