/** Pure: CMakePresets.json: which of its presets an app is built with. Source: cmake-presets(7). */
import * as v from "valibot";
import type { SourceTree } from "../../../source/source-tree.ts";
import type { CppProject } from "../app/project.ts";

const FILE = "CMakePresets.json";

const schema = v.object({
  configurePresets: v.optional(
    v.pipe(
      v.array(
        v.object({
          name: v.string(),
          hidden: v.optional(v.boolean(), false),
          toolchainFile: v.optional(v.string()),
          condition: v.optional(v.unknown()),
        }),
      ),
      v.maxLength(1000),
    ),
    [],
  ),
});

/** One that is for a release, and needs nothing that only its writer's machine has. */
export function presetOf(tree: SourceTree): CppProject["preset"] {
  const text = tree.text(FILE);
  // Their toolchains are fetched, or on a machine of their writer's.
  if (text === undefined || /CMAKE_TOOLCHAIN_FILE|vcpkg|conan/i.test(text)) return null;
  const parsed = v.safeParse(schema, parseOrNull(text));
  // What cannot be read, CMake itself complains of only where it is asked for.
  if (!parsed.success) return null;
  const usable = parsed.output.configurePresets.filter(
    ({ hidden, toolchainFile, condition, name }) =>
      !hidden &&
      toolchainFile === undefined &&
      condition === undefined &&
      /^[\w.-]{1,80}$/.test(name),
  );
  const found = [RELEASE, USUAL].flatMap(
    (like) => usable.find(({ name }) => like.test(name)) ?? [],
  );
  const [first] = found;
  return first === undefined ? null : { name: first.name, from: { what: FILE } };
}

// --- internal ---

const RELEASE = /^(?:linux[-_])?(?:release|prod|production)(?:[-_]linux)?$/i;
const USUAL = /^(?:default|linux)$/i;

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
