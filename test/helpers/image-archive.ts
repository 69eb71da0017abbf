/** Small image archives in the layouts that engines write, made with the system's own tar. */
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { $ } from "zx";

export type Layout = "docker-20" | "docker-25" | "containerd" | "containerd-zstd" | "podman";
export const LAYOUTS: readonly Layout[] = [
  ...(["docker-20", "docker-25", "containerd", "containerd-zstd", "podman"] as const),
];

export interface ImageFixture {
  tag: string;
  /** Lowest first. */
  diffIds: string[];
  configDigest: string;
  layers: Uint8Array[];
  config: string;
}

export const NUA_CONFIG = '{"metadata": {"id": "app"}}\n';

/** An image of three layers; one of them holds the nua-config. */
export async function createImage(): Promise<ImageFixture> {
  const layers = [
    await tarOf({ "bin/sh": "#!\n", "etc/big": "x".repeat(300_000) }),
    await tarOf({ "nua/metadata/nua-config.json": NUA_CONFIG }),
    await tarOf({ [`${"deep/".repeat(40)}file`]: "long name" }),
  ];
  const diffIds = layers.map((layer) => `sha256:${sha256(layer)}`);
  const config = JSON.stringify({
    architecture: "amd64",
    os: "linux",
    created: "2026-01-02T03:04:05.123456789Z",
    config: { Labels: { APP_ID: "app" } },
    rootfs: { type: "layers", diff_ids: diffIds },
    history: diffIds.map((_, index) => ({ created_by: `step ${index}` })),
  });
  return { tag: "nua-app:1.0", diffIds, configDigest: `sha256:${sha256(config)}`, layers, config };
}

/** The bytes of `docker save` for that image, as that engine writes them. */
export async function packImage(image: ImageFixture, layout: Layout): Promise<Uint8Array> {
  if (layout === "docker-20" || layout === "podman") return packDocker(image, layout);
  const compress =
    layout === "containerd"
      ? gzipSync
      : layout === "containerd-zstd"
        ? zstdCompressSync
        : undefined;
  return packOci(image, compress);
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
    await $({
      quiet: true,
    })`tar --sort=name --mtime=@1 -C ${join(folder, "root")} -cf ${join(folder, "part")} ${tops}`;
    await rename(join(folder, "part"), join(folder, "tar"));
    return await readFile(join(folder, "tar"));
  } finally {
    await rm(folder, { recursive: true });
  }
}

// --- internal ---

function packDocker(image: ImageFixture, layout: "docker-20" | "podman"): Promise<Uint8Array> {
  const name = (index: number) =>
    layout === "podman"
      ? `${image.diffIds[index]!.slice(7)}.tar`
      : `${sha256(`legacy id ${index}`)}/layer.tar`;
  const config = `${image.configDigest.slice(7)}.json`;
  const manifest = [
    { Config: config, RepoTags: [image.tag], Layers: image.layers.map((_, index) => name(index)) },
  ];
  return tarOf({
    ...Object.fromEntries(image.layers.map((layer, index) => [name(index), layer])),
    [config]: image.config,
    "manifest.json": JSON.stringify(manifest),
  });
}

function packOci(
  image: ImageFixture,
  compress: ((layer: Uint8Array) => Uint8Array) | undefined,
): Promise<Uint8Array> {
  const blobs = image.layers.map((layer) => compress?.(layer) ?? layer);
  const descriptor = (mediaType: string, blob: Uint8Array | string) => ({
    mediaType,
    digest: `sha256:${sha256(blob)}`,
    size: Buffer.from(blob).length,
  });
  const kind = "application/vnd.oci.image";
  const manifest = JSON.stringify({
    schemaVersion: 2,
    config: descriptor(`${kind}.config.v1+json`, image.config),
    layers: blobs.map((blob) => descriptor(`${kind}.layer.v1.tar`, blob)),
  });
  const index = JSON.stringify({
    schemaVersion: 2,
    manifests: [
      {
        ...descriptor(`${kind}.manifest.v1+json`, manifest),
        annotations: { "io.containerd.image.name": `docker.io/library/${image.tag}` },
      },
    ],
  });
  const all = [...blobs, image.config, manifest];
  return tarOf({
    ...Object.fromEntries(all.map((blob) => [`blobs/sha256/${sha256(blob)}`, blob])),
    "index.json": index,
    "oci-layout": '{"imageLayoutVersion": "1.0.0"}',
  });
}
