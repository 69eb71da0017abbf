/**
 * Pure: with which words an app's own compose file starts it: images of servers that are one command
 * of many are often told so there, and not by their Dockerfile. Source: the Compose Specification,
 * "services".
 */
import { parseYAML } from "confbox/yaml";
import * as v from "valibot";
import { oncePer } from "../lib/once-per.ts";
import type { Origin } from "../protocol/planned-action.ts";
import type { SourceTree } from "../source/source-tree.ts";

export interface ComposeCommand {
  words: string[];
  from: Origin;
}

/**
 * Of the only service that is this app: built from its folder, or from an image that is named like it.
 * Null where there is none, or a line for a shell.
 */
export function commandOfCompose(
  tree: SourceTree,
  names: readonly string[],
): ComposeCommand | null {
  const found = servicesOf(tree);
  if (found === null) return null;
  const own = found.services.filter(({ image = "", build }) => {
    const folder = typeof build === "object" ? (build.context ?? ".") : build;
    const name = image
      .replace(/[:@].*$/, "")
      .split("/")
      .at(-1)!;
    return /^\.?\/?$/.test(folder ?? "-") || names.includes(name);
  });
  const [one] = own;
  if (one?.command === undefined || own.length > 1) return null;
  const words = typeof one.command === "string" ? plainWords(one.command) : one.command;
  const isPlain = words.length > 0 && !words.some((word) => word === "" || word.includes("$"));
  if (!isPlain) return null;
  // Some write the program, too.
  const isProgram = names.includes(words[0]!.split("/").at(-1)!);
  return { words: isProgram ? words.slice(1) : words, from: { what: found.file } };
}

// --- internal ---

/** Source: the Compose Specification, "Compose file": the first that is there. */
const FILES = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];

const MOST_CHARACTERS = 64 * 1024;

const serviceSchema = v.object({
  image: v.optional(v.string()),
  build: v.optional(v.union([v.string(), v.object({ context: v.optional(v.string()) })])),
  command: v.optional(v.union([v.string(), v.array(v.string())])),
});

const schema = v.object({ services: v.record(v.string(), v.unknown()) });

type Service = v.InferOutput<typeof serviceSchema>;

/** What cannot be read is nobody's fault here: nothing is built from it. */
const servicesOf = oncePer((tree: SourceTree): { file: string; services: Service[] } | null => {
  const file = FILES.find((name) => tree.text(name) !== undefined);
  const text = file === undefined ? "" : tree.text(file)!;
  if (file === undefined || text.length > MOST_CHARACTERS) return null;
  try {
    const { services } = v.parse(schema, parseYAML(text));
    const read = Object.values(services).flatMap((one) => {
      const { success, output } = v.safeParse(serviceSchema, one);
      return success ? [output] : [];
    });
    return { file, services: read };
  } catch {
    return null;
  }
});

/** Empty for what only a shell understands. */
function plainWords(text: string): string[] {
  return /[\\'"`$;&|<>(){}*?~#]/.test(text) ? [] : text.trim().split(/\s+/).filter(Boolean);
}
