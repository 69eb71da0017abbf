/** Pure: parses a Dockerfile: its stages, and the images and URLs that it names. */
import { declare, expand, instructions } from "../lib/dockerfile-text.ts";

export interface DockerfileNeeds {
  /** Images, as the Dockerfile names them once its arguments are filled in; each once. */
  images: string[];
  /** Other things that the builder would fetch: a frontend, addresses to ADD. */
  addresses: { what: string; line: number }[];
}

/**
 * Source: docs.docker.com, "Dockerfile reference".
 * @param buildArgs values that are given for its arguments
 */
export function dockerfileNeeds(
  text: string,
  buildArgs: Readonly<Record<string, string>>,
): DockerfileNeeds {
  const images = new Set<string>();
  const stages = new Set<string>();
  const addresses: DockerfileNeeds["addresses"] = [];
  const args: Record<string, string> = {};
  const use = (reference: string) => {
    const image = expand(reference, args);
    const isStage = stages.has(image.toLowerCase()) || /^\d+$/.test(image);
    if (!isStage && image !== "" && image !== "scratch") images.add(image);
  };
  let isGlobal = true;
  for (const { keyword, rest, line } of instructions(text)) {
    if (keyword === "SYNTAX") addresses.push({ what: rest, line });
    if (keyword === "ARG" && isGlobal) declare(rest, args, buildArgs);
    if (keyword === "FROM") {
      isGlobal = false;
      const [image = "", , name] = rest.split(/\s+/).filter((word) => !word.startsWith("--"));
      use(image);
      if (name !== undefined) stages.add(name.toLowerCase());
    }
    const [flags = ""] = /^(?:--\S+\s+)*/.exec(rest) ?? [];
    for (const [, from = ""] of flags.matchAll(FROM_FLAG)) use(from);
    if (keyword !== "ADD") continue;
    for (const [address] of rest.matchAll(ADDRESS)) addresses.push({ what: address, line });
  }
  return { images: [...images], addresses };
}

/**
 * A Dockerfile that starts from, and copies from, images of other names.
 * @param nameOf of an image as the Dockerfile names it: what it is to be called instead
 */
export function withImageNames(text: string, nameOf: (image: string) => string): string {
  const args: Record<string, string> = {};
  const stages = new Set<string>();
  for (const { keyword, rest } of instructions(text)) {
    if (keyword === "FROM") stages.add(/\sAS\s+(\S+)/i.exec(rest)?.[1]?.toLowerCase() ?? "");
    if (keyword === "ARG") declare(rest, args, {});
  }
  const renamed = (reference: string): string => {
    const image = expand(reference, args);
    const name = stages.has(image.toLowerCase()) ? image : nameOf(image);
    return name === image ? reference : name;
  };
  const replace = (_: string, before: string, reference: string) => before + renamed(reference);
  return text.replaceAll(FROM_IMAGE, replace).replaceAll(FROM_FIELD, replace);
}

/**
 * The stages with a command of that kind, and the last one, by their numbers, as `COPY --from`
 * takes them.
 * @param isMeant told each command
 */
export function stagesThatRun(
  text: string,
  isMeant: (command: string) => boolean,
): { stages: string[]; last: string } {
  const stages = new Set<string>();
  let stage = -1;
  for (const { keyword, rest } of instructions(text)) {
    if (keyword === "FROM") stage += 1;
    if (keyword === "RUN" && isMeant(rest)) stages.add(String(stage));
  }
  return { stages: [...stages], last: String(stage) };
}

/**
 * A last stage with a folder of each of those stages.
 * @param to where in it; an image has more than that at its top
 */
export function lastStage(
  stages: readonly string[],
  { from, to }: { from: string; to: string },
): string {
  const copies = stages.map((stage) => `COPY --from=${stage} ${from}/ ${to}\n`);
  return `\nFROM scratch AS last\n${copies.join("")}`;
}

// --- internal ---

/** `COPY --from=IMAGE`, `RUN --mount=type=bind,from=IMAGE`. */
const FROM_FLAG = /(?:^|\s)--(?:from=|mount=(?:\S*,)?from=)([^\s,]+)/g;

const BLANK = String.raw`(?:[ \t]|\\\r?\n)`;

/** Its groups: what stands before an image's name, and the name. */
const FROM_IMAGE = new RegExp(`^([ \\t]*FROM${BLANK}+(?:--\\S+${BLANK}+)*)([^\\s\\\\]+)`, "gim");

/** The same in `--from=IMAGE` and `--mount=type=bind,from=IMAGE`. */
const FROM_FIELD = /(\s--(?:from=|mount=(?:\S*,)?from=))([^\s,]+)/g;

const ADDRESS = /(?<=^|[\s["])(?:https?:\/\/|git@|git:\/\/)[^\s"\]]+/g;
