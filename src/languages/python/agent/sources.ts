/** Pure: sources of CPython, for versions that there is no build of. */
import { matchingVersions } from "../../../lib/version-order.ts";

export interface PythonSource {
  version: string;
  /** Below the address of the sources. */
  path: string;
  /** SHA-256 of the archive, in hexadecimal. */
  sha256: string;
}

/** Versions that can be compiled. */
export function knownSources(): readonly string[] {
  return KNOWN_SOURCES;
}

/** The newest of those that are known whose version a wish allows. */
export function findSource(wanted: string): PythonSource | undefined {
  const [version] = matchingVersions(wanted, KNOWN_SOURCES);
  if (version === undefined) return undefined;
  return { version, path: `${version}/Python-${version}.tgz`, sha256: SHA256[version]! };
}

// --- internal ---

/** Of those that python-build-standalone has no build of. Source: python.org; pyenv lists the same. */
const SHA256: Readonly<Record<string, string>> = {
  "3.7.3": "d62e3015f2f89c970ac52343976b406694931742fbde2fed8d1ce8ebb4e1f8ff",
  "3.7.9": "39b018bc7d8a165e59aa827d9ae45c45901739b0bbb13721e4f973f3521c166a",
  "3.7.12": "33b4daaf831be19219659466d12645f87ecec6eb21d4d9f9711018a7b66cce46",
  "3.7.16": "0cf2da07fa464636755215415909e22eb1d058817af4824bc15af8390d05fb38",
  "3.7.17": "fd50161bc2a04f4c22a0971ff0f3856d98b4bf294f89740a9f06b520aae63b49",
  "3.8.0": "f1069ad3cae8e7ec467aa98a6565a62a48ef196cb8f1455a245a08db5e1792df",
  "3.8.1": "c7cfa39a43b994621b245e029769e9126caa2a93571cee2e743b213cceac35fb",
  "3.8.2": "e634a7a74776c2b89516b2e013dda1728c89c8149b9863b8cea21946daf9d561",
  "3.8.3": "6af6d4d2e010f9655518d0fc6738c7ff7069f10a4d2fbd55509e467f092a8b90",
  "3.8.4": "32c4d9817ef11793da4d0d95b3191c4db81d2e45544614e8449255ca9ae3cc18",
  "3.8.5": "015115023c382eb6ab83d512762fe3c5502fa0c6c52ffebc4831c4e1a06ffc49",
  "3.8.6": "313562ee9986dc369cd678011bdfd9800ef62fbf7b1496228a18f86b36428c21",
  "3.8.7": "20e5a04262f0af2eb9c19240d7ec368f385788bba2d8dfba7e74b20bab4d2bac",
  "3.8.8": "76c0763f048e4f9b861d24da76b7dd5c7a3ba7ec086f40caedeea359263276f7",
  "3.8.9": "9779ec1df000bf86914cdd40860b88da56c1e61db59d37784beca14a259ac9e9",
  "3.8.10": "b37ac74d2cbad2590e7cd0dd2b3826c29afe89a734090a87bf8c03c45066cb65",
  "3.8.11": "b77464ea80cec14581b86aeb7fb2ff02830e0abc7bcdc752b7b4bdfcd8f3e393",
  "3.9.0": "df796b2dc8ef085edae2597a41c1c0a63625ebd92487adaef2fed22b567873e8",
  "3.9.1": "29cb91ba038346da0bd9ab84a0a55a845d872c341a4da6879f462e94c741f117",
  "3.9.2": "7899e8a6f7946748830d66739f2d8f2b30214dad956e56b9ba216b3de5581519",
  "3.9.4": "66c4de16daa74a825cf9da9ddae1fe020b72c3854b73b1762011cc33f9e4592f",
  "3.9.5": "e0fbd5b6e1ee242524430dee3c91baf4cbbaba4a72dd1674b90fda87b713c7ab",
  "3.9.6": "d0a35182e19e416fc8eae25a3dcd4d02d4997333e4ad1f2eee6010aadc3fe866",
  "3.9.7": "a838d3f9360d157040142b715db34f0218e535333696a5569dc6f854604eb9d1",
  "3.9.8": "7447fb8bb270942d620dd24faa7814b1383b61fa99029a240025fd81c1db8283",
  "3.9.9": "2cc7b67c1f3f66c571acc42479cdf691d8ed6b47bee12c9b68430413a17a44ea",
  "3.10.0": "c4e0cbad57c90690cb813fb4663ef670b4d0f587d8171e2c42bd4c9245bd2758",
  "3.10.1": "b76117670e7c5064344b9c138e141a377e686b9063f3a8a620ff674fa8ec90d3",
  "3.10.10": "fba64559dde21ebdc953e4565e731573bb61159de8e4d4cedee70fb1196f610d",
  "3.11.0": "64424e96e2457abbac899b90f9530985b51eef2905951febd935f0e73414caeb",
  "3.11.2": "2411c74bda5bbcfcddaf4531f66d1adc73f247f529aee981b029513aefdbf849",
};

const KNOWN_SOURCES = Object.keys(SHA256);
