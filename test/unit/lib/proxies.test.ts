import { expect, test } from "bun:test";
import { proxyFor } from "../../../src/lib/proxies.ts";

const PROXIES = { httpProxy: "http://p:1", httpsProxy: "http://q:2" };

test.each([
  ["http://a.example/x", "", { proxy: "http://p:1" }],
  ["https://a.example/x", "", { proxy: "http://q:2" }],
  ["https://a.example:8443/x", "example", {}],
  ["https://a.example/x", "b.example, .example", {}],
  ["https://anexample/x", "example", { proxy: "http://q:2" }],
  ["https://user:word@a.example/x", "*", {}],
])("%s, without a proxy: %s", (url, noProxy, expected) => {
  expect(proxyFor(url, { ...PROXIES, noProxy })).toEqual(expected);
});

test("there is none", () => {
  expect(proxyFor("http://a/", {})).toEqual({});
});
