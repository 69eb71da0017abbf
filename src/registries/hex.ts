/** Hex: packages of Erlang and Elixir, and Hex itself, as Mix installs it. */
import { TOOLS } from "../protocol/layout.ts";
import type { Address } from "./address.ts";
import { type Item, indexItem } from "./item.ts";
import { mirrored } from "./mirror.ts";
import { encode, qualifiers } from "./package-url.ts";
import { defineRegistry } from "./registry.ts";
import { anyVersion, IN_CONFIG, type WantedRule } from "./wanted-line.ts";

const HEX_REPOSITORY = "https://repo.hex.pm/";
const HEX_BUILDS = "https://builds.hex.pm/";

export const hex = defineRegistry({
  kind: "hex",
  settings: [
    {
      ...{ name: "hexMirror", variable: "NUA_HEX_MIRROR", key: "hex.mirror" },
      // Source: hexdocs.pm/hex, "mix hex.config".
      alias: "HEX_MIRROR",
      about: "Address of a mirror of Hex's packages",
      holds: "address",
      check: { name: "hex mirror", path: "versions" },
    },
    {
      ...{ name: "hexBuilds", variable: "NUA_HEX_BUILDS", key: "hex.builds" },
      // Source: hexdocs.pm/mix, "mix local.hex".
      alias: "HEX_BUILDS_URL",
      about: "Address of a copy of https://builds.hex.pm, from which Mix gets Hex",
      holds: "address",
      check: { name: "builds of Hex", path: "installs/hex-1.x.csv" },
    },
    {
      ...{ name: "hexPublicKey", variable: "NUA_HEX_PUBLIC_KEY", key: "hex.public-key" },
      about:
        "Public key of those two where they sign what they have themselves: PEM, or its base64",
      holds: "words",
    },
  ],

  /** "Hex/2.0.6 (Elixir/1.14.0) (OTP/25)", "Mix/1.14.0". */
  agents: { hex: "hex", mix: "mix" },

  /**
   * Nothing of it ends in the image. Source: Hex.State, Hex.Config; hexdocs.pm/mix, "Environment
   * variables".
   */
  clients({ settings: { hexMirror, hexBuilds, hexPublicKey }, folder, certificates }) {
    const key = hexPublicKey === undefined ? null : pemOf(hexPublicKey);
    const keyFile = `${folder}/hex/public_key.pem`;
    return {
      env: {
        HEX_HOME: folder,
        // There for what is built upon a layer of dependencies.
        MIX_HOME: `${TOOLS}/mix`,
        ...(hexMirror === undefined ? {} : { HEX_MIRROR: withoutSlash(hexMirror) }),
        ...(hexBuilds === undefined ? {} : { HEX_BUILDS_URL: withoutSlash(hexBuilds) }),
        ...(certificates === null ? {} : { HEX_CACERTS_PATH: certificates.all }),
        ...(key === null ? {} : { NUA_HEX_PUBLIC_KEY_FILE: keyFile }),
      },
      files:
        key === null
          ? []
          : [
              { path: keyFile, text: key },
              { path: `${folder}/hex.config`, text: configOf(key) },
            ],
    };
  },

  destinations: ({ url }, { hexMirror, hexBuilds }) => [
    ...mirrored(url, [HEX_REPOSITORY], hexMirror),
    ...mirrored(url, [HEX_BUILDS], hexBuilds),
  ],

  identify: (address) => readTarball(address) ?? readBuild(address) ?? readIndex(address),

  indexedPackage({ client, segments }) {
    const [place, name] = segments.slice(-2);
    const isOne = client === "hex" && place === "packages" && name !== undefined;
    return isOne ? { kind: "hex", name, version: "" } : undefined;
  },

  nameOf: (segments) => segments.at(-1) ?? "",

  /** Source: package-url, "hex". Hex itself is none of its packages. */
  packageUrl: ({ name, version, url }) =>
    /\/installs\//.test(url)
      ? `pkg:generic/${encode(name)}@${encode(version)}${qualifiers({ download_url: url })}`
      : `pkg:hex/${encode(name.toLowerCase())}@${encode(version)}`,

  wanted: [
    { file: /^mix\.lock$/, find: findInLock },
    { file: /^mix\.exs$/, find: anyVersion(dependencyNames) },
    IN_CONFIG,
  ],
});

// --- internal ---

/** Its own requests join with a slash. */
function withoutSlash(address: string): string {
  return address.trim().replace(/\/+$/, "");
}

/** What is given as one line of base64 gets its frame. */
function pemOf(text: string): string {
  const body = text.replace(/-----[A-Z ]+-----|\s|\\n/g, "");
  const lines = body.match(/.{1,64}/g) ?? [];
  return `-----BEGIN PUBLIC KEY-----\n${lines.join("\n")}\n-----END PUBLIC KEY-----\n`;
}

/** As Hex writes it: terms of Erlang. */
function configOf(key: string): string {
  return `{'$repos',#{<<"hexpm">> => #{public_key => <<${JSON.stringify(key)}>>}}}.\n`;
}

/** `…/tarballs/NAME-VERSION.tar` */
function readTarball({ segments, file }: Address): Item | undefined {
  const [, name, version] = /^([a-z][a-z0-9_]*)-(\d+\.\d+\.\d+.*)\.tar$/.exec(file) ?? [];
  if (name === undefined || segments.at(-2) !== "tarballs") return undefined;
  return { kind: "hex", name, version: version! };
}

/** `/installs/1.14.0/hex-2.0.6.ez`, `/installs/1.18.0/hex-2.2.1-otp-27.ez`, and the list of them. */
function readBuild({ plain, segments, file }: Address): Item | undefined {
  const at = segments.lastIndexOf("installs");
  if (at < 0) return undefined;
  if (/^(?:hex|rebar3?)(?:-1\.x)?\.csv(?:\.signed)?$/.test(file)) return indexItem(plain);
  const [, name, version] =
    /^(hex|rebar3?)-(\d+\.\d+\.\d+(?:-(?!otp)[\w.]+)?)(?:-otp-\d+)?(?:\.ez)?$/.exec(file) ?? [];
  return name === undefined ? undefined : { kind: "hex", name, version: version! };
}

/** `/names`, `/versions`, `/packages/NAME`; below `/repos/NAME` for others than the public one. */
function readIndex({ plain, client, segments, file }: Address): Item | undefined {
  const isHex = client === "hex" || plain.startsWith(HEX_REPOSITORY);
  const isOne = /^(?:names|versions|public_key)$/.test(file) || segments.at(-2) === "packages";
  return isHex && isOne ? indexItem(plain) : undefined;
}

/** `  "plug": {:hex, :plug, "1.15.3", …` */
function findInLock(...[lines, { name }, version]: Parameters<WantedRule["find"]>): number {
  return lines.findIndex((line) => {
    const [, found, locked] = /\{:hex, :"?(\w+)"?, "([^"]+)"/.exec(line) ?? [];
    return found === name && (version === "" || locked === version);
  });
}

/** `{:plug, "~> 1.15"}` */
function dependencyNames(line: string): string[] {
  return [...line.matchAll(/\{:(\w+),/g)].map(([, name]) => name!);
}
