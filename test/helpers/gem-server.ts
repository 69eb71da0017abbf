/**
 * A small server of gems that speaks what Bundler does: the compact index and archives of gems.
 * Source: guides.rubygems.org, "Compact Index API"; RubyGems, Gem::Package.
 */
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { tarBytes } from "./tar-bytes.ts";

export interface GemSource {
  name: string;
  version: string;
  /** Texts by path: lib/NAME.rb is what `require` finds. */
  files: Readonly<Record<string, string>>;
  /** Name -> requirement, with one clause. */
  needs?: Readonly<Record<string, string>>;
  platform?: string;
  executables?: readonly string[];
  /** Scripts that configure an extension in C: ext/NAME/extconf.rb. */
  extensions?: readonly string[];
}

export interface GemServer extends Disposable {
  port: number;
  /** Paths that were asked for. */
  asked: string[];
}

export function startGemServer(sources: readonly GemSource[]): GemServer {
  const asked: string[] = [];
  const gems = sources.map((source) => ({ source, bytes: gemArchive(source) }));
  const files = new Map<string, Buffer>([
    ["/versions", Buffer.from(versionsText(gems))],
    ["/names", Buffer.from(`---\n${namesOf(gems).join("\n")}\n`)],
    ...namesOf(gems).map((name) => [`/info/${name}`, infoText(name, gems)] as const),
    ...gems.map(({ source, bytes }) => [`/gems/${fullName(source)}.gem`, bytes] as const),
  ]);
  const server = Bun.serve({
    port: 0,
    hostname: "0.0.0.0",
    fetch(request) {
      const { pathname } = new URL(request.url);
      asked.push(pathname);
      const file = files.get(pathname);
      if (file === undefined) return new Response("", { status: 404 });
      return new Response(new Uint8Array(file), { headers: { etag: `"${md5(file)}"` } });
    },
  });
  return { port: server.port ?? 0, asked, [Symbol.dispose]: () => void server.stop(true) };
}

/** A gem is a tar of its specification, its files, and their checksums. */
export function gemArchive(source: GemSource): Buffer {
  const members = Object.entries(source.files).map(([name, content]) => ({ name, content }));
  const parts = {
    "metadata.gz": gzipSync(specification(source)),
    "data.tar.gz": gzipSync(tarBytes(members)),
  };
  const sums = Object.entries(parts).map(([name, bytes]) => `  ${name}: ${sha256(bytes)}\n`);
  const checksums = gzipSync(`---\nSHA256:\n${sums.join("")}`);
  return tarBytes(
    Object.entries({ ...parts, "checksums.yaml.gz": checksums }).map(([name, content]) => ({
      ...{ name, content },
    })),
  );
}

// --- internal ---

interface Gem {
  source: GemSource;
  bytes: Buffer;
}

function namesOf(gems: readonly Gem[]): string[] {
  return [...new Set(gems.map(({ source }) => source.name))];
}

function fullVersion({ version, platform }: GemSource): string {
  return platform === undefined ? version : `${version}-${platform}`;
}

function fullName(source: GemSource): string {
  return `${source.name}-${fullVersion(source)}`;
}

function versionsText(gems: readonly Gem[]): string {
  const rows = namesOf(gems).map((name) => {
    const versions = gems.flatMap(({ source }) =>
      source.name === name ? [fullVersion(source)] : [],
    );
    return `${name} ${versions.join(",")} ${md5(infoText(name, gems))}\n`;
  });
  return `created_at: 2024-01-01T00:00:00Z\n---\n${rows.join("")}`;
}

function infoText(name: string, gems: readonly Gem[]): Buffer {
  const rows = gems
    .filter(({ source }) => source.name === name)
    .map(({ source, bytes }) => {
      const needs = Object.entries(source.needs ?? {}).map(([one, wish]) => `${one}:${wish}`);
      return `${fullVersion(source)} ${needs.join(",")}|checksum:${sha256(bytes)},ruby:>= 2.5\n`;
    });
  return Buffer.from(`---\n${rows.join("")}`);
}

const ANY = `!ruby/object:Gem::Requirement
  requirements:
  - - ">="
    - !ruby/object:Gem::Version
      version: '0'`;

function specification(source: GemSource): string {
  const { name, version, platform = "ruby", executables = [], extensions = [] } = source;
  const list = (words: readonly string[]) =>
    words.length === 0 ? " []" : words.map((word) => `\n- ${word}`).join("");
  return `--- !ruby/object:Gem::Specification
name: ${name}
version: !ruby/object:Gem::Version
  version: '${version}'
platform: ${platform}
authors:
- nobody
autorequire:
bindir: bin
cert_chain: []
date: 2024-01-01 00:00:00.000000000 Z
dependencies:${dependencies(source.needs ?? {})}
description:
email:
executables:${list(executables)}
extensions:${list(extensions)}
extra_rdoc_files: []
files:${list(Object.keys(source.files))}
homepage:
licenses:
- MIT
metadata: {}
post_install_message:
rdoc_options: []
require_paths:
- lib
required_ruby_version: ${ANY}
required_rubygems_version: ${ANY}
requirements: []
rubygems_version: 3.3.15
signing_key:
specification_version: 4
summary: For tests
test_files: []
`;
}

function dependencies(needs: NonNullable<GemSource["needs"]>): string {
  const rows = Object.entries(needs).map(([name, wish]) => {
    const [sign = "", version = ""] = wish.split(" ");
    const requirement = `!ruby/object:Gem::Requirement
    requirements:
    - - "${sign}"
      - !ruby/object:Gem::Version
        version: '${version}'`;
    return `
- !ruby/object:Gem::Dependency
  name: ${name}
  requirement: ${requirement}
  type: :runtime
  prerelease: false
  version_requirements: ${requirement}`;
  });
  return rows.length === 0 ? " []" : rows.join("");
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function md5(bytes: Uint8Array): string {
  return createHash("md5").update(bytes).digest("hex");
}
