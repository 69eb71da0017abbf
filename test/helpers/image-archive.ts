/** Small image archives in the layouts that engines write; the layers by the system's own tar. */
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { $ } from "zx";
import { type TestMember, tarBytes } from "./tar-bytes.ts";

export const LAYOUTS = [
  /** Up to Docker 24: a folder per layer; a layer that is there already as a symbolic link. */
  "docker-20",
  /** From Docker 25 on: an OCI layout with a manifest.json. */
  "docker-25",
  /** The same from a containerd store: layers as they were pulled. */
  "containerd",
  /** An index with attestations, as buildx makes it by default. */
  "containerd-zstd",
  "podman",
  /** skopeo and podman's oci-archive: without manifest.json. */
  "oci",
] as const;

export type Layout = (typeof LAYOUTS)[number];

export interface ImageFixture {
  tag: string;
  /** Lowest first. */
  diffIds: string[];
  configDigest: string;
  layers: Uint8Array[];
  config: string;
}

export const NUA_CONFIG = '{"metadata": {"id": "app"}}\n';

/** An image of four layers: one holds the nua-config, and the lowest comes again at the top. */
export async function createImage(): Promise<ImageFixture> {
  const base = await tarOf({ "bin/sh": "#!\n", "etc/big": "x".repeat(300_000) });
  return imageOf([
    base,
    await tarOf({ "nua/metadata/nua-config.json": NUA_CONFIG }),
    await tarOf({ [`${"deep/".repeat(40)}file`]: "long name" }),
    base,
  ]);
}

export function imageOf(layers: Uint8Array[]): ImageFixture {
  const diffIds = layers.map((layer) => `sha256:${sha256(layer)}`);
  const config = JSON.stringify({
    architecture: "amd64",
    os: "linux",
    created: "2026-01-02T03:04:05.123456789Z",
    config: { Labels: { APP_ID: "app" } },
    rootfs: { type: "layers", diff_ids: diffIds },
    history: [
      ...diffIds.map((_, index) => ({ created_by: `step ${index}` })),
      { created_by: "CMD true", empty_layer: true },
    ],
  });
  return { tag: "nua-app:1.0", diffIds, configDigest: `sha256:${sha256(config)}`, layers, config };
}

/** The bytes of `docker save` for that image, as that engine writes them. */
export function packImage(image: ImageFixture, layout: Layout): Uint8Array {
  return tarBytes(listMembers(image, layout));
}

export function listMembers(image: ImageFixture, layout: Layout): TestMember[] {
  switch (layout) {
    case "docker-20":
      return listLegacy(image);
    case "podman":
      return listPodman(image);
    case "docker-25":
      return listOci(image, { hasManifest: true });
    case "containerd":
      return listOci(image, { hasManifest: true, compress: gzipSync });
    case "containerd-zstd":
      return listOci(image, { isIndex: true, compress: zstdCompressSync });
    case "oci":
      return listOci(image, { compress: gzipSync });
  }
}

export function sha256(data: Uint8Array | string): string {
  return createHash("sha256").update(data).digest("hex");
}

/** A tar archive of files, by the system's tar. */
export async function tarOf(files: Record<string, string | Uint8Array>): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), "nua-image-"));
  try {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, "root", path)), { recursive: true });
      await writeFile(join(folder, "root", path), content);
    }
    const tops = [...new Set(Object.keys(files).map((path) => path.split("/")[0]!))];
    const [root, part] = [join(folder, "root"), join(folder, "part")];
    await $({ quiet: true })`tar --sort=name --mtime=@1 -C ${root} -cf ${part} ${tops}`;
    await rename(part, join(folder, "tar"));
    return await readFile(join(folder, "tar"));
  } finally {
    await rm(folder, { recursive: true });
  }
}

// --- internal ---

function listLegacy({ diffIds, layers, ...image }: ImageFixture): TestMember[] {
  const ids = diffIds.map((_, index) => sha256(`legacy id ${index}`));
  const folders = ids.map((id, index) => {
    const first = ids[diffIds.indexOf(diffIds[index]!)];
    const name = `${id}/layer.tar`;
    const layer: TestMember =
      first === id
        ? { name, content: layers[index]! }
        : { name, type: "2", linkName: `../${first}/layer.tar` };
    const json = { name: `${id}/json`, content: JSON.stringify({ id }) };
    return [{ name: `${id}/`, type: "5" }, { name: `${id}/VERSION`, content: "1.0" }, json, layer];
  });
  const members = folders.sort(([left], [right]) => compareNames(left!, right!)).flat();
  return [
    ...members,
    ...listManifest(
      image,
      ids.map((id) => `${id}/layer.tar`),
    ),
    { name: "repositories", content: "{}" },
  ];
}

function listPodman({ diffIds, layers, ...image }: ImageFixture): TestMember[] {
  const names = diffIds.map((digest) => `${digest.slice(7)}.tar`);
  const members = new Map(names.map((name, index) => [name, layers[index]!]));
  return [
    ...[...members].map(([name, content]) => ({ name, content })),
    ...listManifest(image, names),
  ];
}

/** The config under its digest, and manifest.json. */
function listManifest(
  { tag, config }: Pick<ImageFixture, "tag" | "config">,
  Layers: string[],
  Config = `${sha256(config)}.json`,
): TestMember[] {
  const manifest = JSON.stringify([{ Config, RepoTags: [tag], Layers }]);
  return [
    { name: Config, content: config },
    { name: "manifest.json", content: manifest },
  ];
}

interface OciOptions {
  hasManifest?: boolean;
  isIndex?: boolean;
  compress?: (layer: Uint8Array) => Uint8Array;
}

function listOci(image: ImageFixture, options: OciOptions): TestMember[] {
  const { compress = (layer: Uint8Array) => layer } = options;
  const blobs = new Map<string, Uint8Array | string>();
  const add = (kind: string, blob: Uint8Array | string) => {
    const digest = sha256(blob);
    blobs.set(`blobs/sha256/${digest}`, blob);
    const mediaType = `application/vnd.oci.image.${kind}`;
    return { mediaType, digest: `sha256:${digest}`, size: Buffer.from(blob as string).length };
  };
  const addJson = (kind: string, document: unknown) => add(kind, JSON.stringify(document));
  const layers = image.layers.map((layer) => add("layer.v1.tar", compress(layer)));
  const config = add("config.v1+json", image.config);
  let top: object = addJson("manifest.v1+json", { schemaVersion: 2, config, layers });
  if (options.isIndex) {
    const statement = addJson("statement", { _type: "https://in-toto.io/Statement/v0.1" });
    const attestation = addJson("manifest.v1+json", { config: statement, layers: [statement] });
    const platform = { os: "unknown", architecture: "unknown" };
    top = addJson("index.v1+json", { manifests: [top, { ...attestation, platform }] });
  }
  const annotations = { "io.containerd.image.name": `docker.io/library/${image.tag}` };
  const index = JSON.stringify({ schemaVersion: 2, manifests: [{ ...top, annotations }] });
  const nameOf = ({ digest }: { digest: string }) => `blobs/${digest.replace(":", "/")}`;
  const manifest = options.hasManifest
    ? listManifest(image, layers.map(nameOf), nameOf(config)).slice(1)
    : [];
  return [
    { name: "blobs/", type: "5" },
    ...[...blobs].map(([name, content]) => ({ name, content })).sort(compareNames),
    { name: "index.json", content: index },
    ...manifest,
    { name: "oci-layout", content: '{"imageLayoutVersion": "1.0.0"}' },
  ];
}

function compareNames(left: TestMember, right: TestMember): number {
  return left.name < right.name ? -1 : 1;
}
