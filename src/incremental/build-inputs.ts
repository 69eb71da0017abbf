/** Everything that a build of an app is made from, as it is now. */
import { createHash } from "node:crypto";
import { DOCKERFILES } from "../assets.ts";
import { baseTag } from "../bases/base-images.ts";
import { linuxBaseTag } from "../bases/linux-base.ts";
import type { LoadedConfig } from "../config/loaded-config.ts";
import { contextTrees } from "../context/context-trees.ts";
import type { BuildPlan } from "../plan/build-plan.ts";
import type { LayerPlan } from "../plan/layers.ts";
import { VERSION } from "../protocol/version.ts";
import type { Session } from "../session/session.ts";
import { readAppFile } from "../source/app-file.ts";
import type { Note } from "../source/left-out.ts";
import type { Source } from "../source/source.ts";
import { walkTree } from "../source/walk-tree.ts";
import { contentReader, LARGE_BYTES } from "./file-content.ts";
import { type FileFacts, listingLine, listingReader } from "./file-listing.ts";
import { type BuildInputs, digestOf } from "./record.ts";

export interface InputsRequest {
  loaded: LoadedConfig;
  plan: BuildPlan;
  source: Source;
  epoch: number | null;
  /** Of an earlier look: files that are certain not to have changed are not read again. */
  known: BuildInputs | undefined;
}

/** @returns undefined when what is built now may not stand for the next build */
export async function readBuildInputs(
  { loaded, plan, source, epoch, known }: InputsRequest,
  session: Session,
): Promise<BuildInputs | undefined> {
  if (!session.input.isRepeated) return undefined;
  const engine = await session.engine();
  const [{ builder }, { files, leftOut }, images, dockerfile, ignored] = await Promise.all([
    engine.builder(),
    readFiles({ loaded, plan, known: known?.files ?? "" }, session.signal),
    readImages(plan, session),
    readText(loaded, plan.dockerfile.file),
    readText(loaded, ".dockerignore"),
  ]);
  const layers = plan.layers.map((layer) => [`layer ${layer.name}`, layerDigest(layer, source)]);
  const parts = {
    // What else of the tool counts is in the base images.
    tool: digestOf([VERSION, DOCKERFILES]),
    // They do not all make the same image of an app.
    builder,
    source: source.archive?.sha256 ?? "",
    plan: digestOf([plan, dockerfile, ignored, epoch]),
    // It changes no image, but what is told of the build.
    "left out": leftOut,
    ...Object.fromEntries(layers),
  };
  return { version: 3, parts, files, images };
}

// --- internal ---

/** With what it reads of an archive: that is in no listing of files. */
function layerDigest({ actions, files }: LayerPlan, { tree, archive, name }: Source): string {
  if (archive === null || files === null) return digestOf(actions);
  const paths = files.map((file) => file.slice(name.length + 1));
  return digestOf([actions, paths.map((path) => tree.text(path) ?? archive.sha256)]);
}

/** What a person is warned of that is left out: it is in no listing of files. */
const WARNED: ReadonlySet<Note["kind"]> = new Set(["secret", "special"]);

async function readFiles(
  { loaded, plan, known }: Pick<InputsRequest, "loaded" | "plan"> & { known: string },
  signal: AbortSignal,
): Promise<{ files: string; leftOut: string }> {
  const leftOut = createHash("sha256");
  const contents = contentReader(listingReader(known));
  const parts: string[] = [];
  let lines: string[] = [];
  // Not a string for each of 100,000 files until the end.
  const flush = () => {
    parts.push(lines.join(""));
    lines = [];
  };
  for (const { to, ...tree } of await contextTrees(loaded, plan)) {
    const placed = (path: string) => (to === "" ? path : `${to}/${path}`);
    const add = (path: string, facts: FileFacts) => void lines.push(listingLine(path, facts));
    await walkTree(
      { ...tree, signal },
      {
        // Its time tells nothing: what is in it has its own.
        folder: (path, _, info) => {
          flush();
          const { mode } = info;
          add(`${placed(path)}/`, { size: 0, mtimeMs: 0, mode, digest: "", identity: "" });
        },
        file: (path, from, info) => {
          const place = placed(path);
          if (info.size <= LARGE_BYTES) return add(place, contents.file(place, from, info));
          const read = contents.largeFile(place, from, info, signal);
          return read.then((facts) => add(place, facts));
        },
        link: (path, from, info) => add(placed(path), contents.link(from, info)),
        other: () => {},
        note: (path, { kind, detail }) => {
          if (WARNED.has(kind)) leftOut.update(JSON.stringify([placed(path), kind, detail]));
        },
      },
    );
  }
  flush();
  return { files: parts.join(""), leftOut: leftOut.digest("hex") };
}

async function readImages(plan: BuildPlan, session: Session): Promise<BuildInputs["images"]> {
  const linux =
    plan.method === "wrap" ? undefined : await linuxBaseTag(session, plan.images.linuxBase);
  const tags = [
    ...plan.images.needed.map((name) => baseTag(name, plan.images.linuxBase)),
    ...(plan.method === "wrap" ? [plan.images.base] : []),
    ...(linux === undefined ? [] : [linux]),
  ];
  const engine = await session.engine();
  const found = await Promise.all(tags.map((tag) => engine.findImage(tag)));
  return Object.fromEntries(tags.map((tag, index) => [tag, found[index]?.id ?? null]));
}

async function readText({ root }: LoadedConfig, file: string | null): Promise<string> {
  return file === null ? "" : (readAppFile(root, file) ?? "");
}
