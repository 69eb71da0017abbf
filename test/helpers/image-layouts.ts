/** One small image, in the layout of every program that saves images. */
import { createHash } from "node:crypto";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { type TestMember, tarBytes } from "./tar-bytes.ts";

export interface TestImage {
  tag: string;
  /** Lowest first. */
  layers: Buffer[];
  config: Buffer;
}

export const NUA_CONFIG = { metadata: { id: "sample", version: "1.0", title: "Sample" } };

export function sha256(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

export function diffIdsOf(image: TestImage): string[] {
  return image.layers.map((layer) => `sha256:${sha256(layer)}`);
}

/** Three layers, of which the topmost holds a nua-config; the first one comes again as the third. */
export function sampleImage(tag = "nua-sample:1.0"): TestImage {
  const base = tarBytes([{ name: "etc/os-release", content: "ID=debian\n" }]);
  const middle = tarBytes([
    { name: "nua/metadata/", type: "5" },
    { name: "data", content: "x".repeat(200_000) },
  ]);
  const top = tarBytes([
    { name: "nua/metadata/nua-config.json", content: JSON.stringify(NUA_CONFIG) },
  ]);
  return imageOf(tag, [base, middle, base, top]);
}

export function imageOf(tag: string, layers: Buffer[]): TestImage {
  const config = {
    architecture: "amd64",
    created: "2024-01-02T03:04:05.678901234Z",
    config: { Labels: { APP_ID: "nua-sample", NUA_TAG: tag }, Cmd: ["true"] },
    history: [
      ...layers.map((_, index) => ({ created_by: `step ${index}` })),
      { created_by: "CMD true", empty_layer: true },
    ],
    os: "linux",
    rootfs: { type: "layers", diff_ids: layers.map((layer) => `sha256:${sha256(layer)}`) },
  };
  return { tag, layers, config: Buffer.from(JSON.stringify(config)) };
}

export type Layout = (image: TestImage) => Buffer;

export const LAYOUTS: Readonly<Record<string, Layout>> = {
  "docker 20.10": (image) => tarBytes(dockerLegacy(image)),
  "docker 26": (image) => tarBytes(dockerOci(image)),
  "docker 26, containerd store": (image) => tarBytes(containerd(image, "gzip")),
  "containerd, zstd and attestations": (image) => tarBytes(containerd(image, "zstd")),
  podman: (image) => tarBytes(podman(image)),
  "skopeo oci-archive": (image) => tarBytes(oci(image, { compression: "gzip" }).members),
};

/** Docker up to 24: a folder per layer, a layer that is there already as a symbolic link. */
export function dockerLegacy({ tag, layers, config }: TestImage): TestMember[] {
  const ids = layers.map((layer, index) => sha256(`${sha256(layer)} ${index}`));
  const digests = layers.map(sha256);
  const folders = layers.map((layer, index) => {
    const id = ids[index]!;
    const first = digests.indexOf(digests[index]!);
    const name = `${id}/layer.tar`;
    const content: TestMember =
      first === index
        ? { name, content: layer }
        : { name, type: "2", linkName: `../${ids[first]}/layer.tar` };
    const json = JSON.stringify({ id });
    const members = [
      { name: `${id}/`, type: "5" },
      { name: `${id}/VERSION`, content: "1.0" },
    ];
    return { id, members: [...members, { name: `${id}/json`, content: json }, content] };
  });
  folders.sort((left, right) => (left.id < right.id ? -1 : 1));
  const configName = `${sha256(config)}.json`;
  const manifest = [
    { Config: configName, RepoTags: [tag], Layers: ids.map((id) => `${id}/layer.tar`) },
  ];
  return [
    ...folders.flatMap((folder) => folder.members),
    { name: configName, content: config },
    { name: "manifest.json", content: JSON.stringify(manifest) },
    { name: "repositories", content: "{}" },
  ];
}

/** Docker 25 and newer: an OCI layout with a manifest.json, sorted by name. */
export function dockerOci(image: TestImage): TestMember[] {
  const { members, layerNames, configName } = oci(image, {});
  return [...members, dockerManifest(image, configName, layerNames)].sort(byName);
}

/** The containerd store: compressed layers, perhaps an index with attestations. */
export function containerd(image: TestImage, compression: "gzip" | "zstd"): TestMember[] {
  const withAttestation = compression === "zstd";
  const { members, layerNames, configName } = oci(image, { compression, withAttestation });
  return [...members, dockerManifest(image, configName, layerNames)].sort(byName);
}

export function podman({ tag, layers, config }: TestImage): TestMember[] {
  const names = layers.map((layer) => `${sha256(layer)}.tar`);
  const configName = `${sha256(config)}.json`;
  return [
    ...[...new Set(names)].map((name) => ({ name, content: layers[names.indexOf(name)]! })),
    { name: configName, content: config },
    {
      name: "manifest.json",
      content: JSON.stringify([{ Config: configName, RepoTags: [tag], Layers: names }]),
    },
  ];
}

// --- internal ---

function byName(left: TestMember, right: TestMember): number {
  return left.name < right.name ? -1 : 1;
}

function dockerManifest(image: TestImage, Config: string, Layers: string[]): TestMember {
  const manifest = [{ Config, RepoTags: [image.tag], Layers }];
  return { name: "manifest.json", content: JSON.stringify(manifest) };
}

function oci(
  image: TestImage,
  options: { compression?: "gzip" | "zstd"; withAttestation?: boolean },
): { members: TestMember[]; layerNames: string[]; configName: string } {
  const blobs = new Map<string, Uint8Array>();
  const add = (bytes: Uint8Array, mediaType: string) => {
    const digest = sha256(bytes);
    blobs.set(`blobs/sha256/${digest}`, bytes);
    return { mediaType, digest: `sha256:${digest}`, size: bytes.length };
  };
  const addJson = (document: unknown, kind: string) =>
    add(Buffer.from(JSON.stringify(document)), `application/vnd.oci.image.${kind}.v1+json`);
  const layers = image.layers.map((layer) => add(packLayer(layer, options.compression), "layer"));
  const config = add(image.config, "application/vnd.oci.image.config.v1+json");
  let top: object = addJson({ schemaVersion: 2, config, layers }, "manifest");
  if (options.withAttestation) {
    const statement = add(Buffer.from('{"_type":"https://in-toto.io/Statement/v0.1"}'), "in-toto");
    const attestation = addJson({ config: statement, layers: [statement] }, "manifest");
    const annotations = { "vnd.docker.reference.type": "attestation-manifest" };
    const unknown = { os: "unknown", architecture: "unknown" };
    const manifests = [top, { ...attestation, annotations, platform: unknown }];
    top = addJson({ schemaVersion: 2, manifests }, "index");
  }
  const annotations = { "io.containerd.image.name": `docker.io/library/${image.tag}` };
  const index = JSON.stringify({ schemaVersion: 2, manifests: [{ ...top, annotations }] });
  const members: TestMember[] = [...blobs].map(([name, content]) => ({ name, content }));
  members.push({ name: "index.json", content: index }, { name: "oci-layout", content: "{}" });
  const nameOf = ({ digest }: { digest: string }) => `blobs/${digest.replace(":", "/")}`;
  return { members, layerNames: layers.map(nameOf), configName: nameOf(config) };
}

function packLayer(layer: Buffer, compression?: "gzip" | "zstd"): Uint8Array {
  if (compression === "gzip") return gzipSync(layer);
  return compression === "zstd" ? zstdCompressSync(layer) : layer;
}
