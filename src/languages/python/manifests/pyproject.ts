/** Pure: pyproject.toml, as far as installing an app needs it. */
import * as v from "valibot";
import type { SourceTree } from "../../../source/source-tree.ts";
import { readToml } from "./read-file.ts";

export const PYPROJECT = "pyproject.toml";

const text = v.optional(v.string());
const texts = v.optional(v.array(v.string()), []);
const anything = v.record(v.string(), v.unknown());
const table = v.optional(anything, {});

/** One of `[tool.uv.sources]`. */
const uvSource = v.object({
  ...{ git: text, rev: text, tag: text, branch: text, subdirectory: text },
  ...{ url: text, path: text, index: text, marker: text, extra: text, group: text },
  workspace: v.optional(v.boolean()),
});

const uvTable = v.object({
  package: v.optional(v.boolean()),
  sources: v.optional(v.record(v.string(), v.union([v.array(uvSource), uvSource])), {}),
  index: v.optional(
    v.array(
      v.object({
        ...{ name: text, url: v.string() },
        ...{ default: v.optional(v.boolean()), explicit: v.optional(v.boolean()) },
      }),
    ),
    [],
  ),
  "index-url": text,
  "extra-index-url": texts,
  "default-groups": v.optional(v.union([v.array(v.string()), v.literal("all")])),
  workspace: v.optional(v.object({ members: texts, exclude: texts })),
});

/** One of Poetry's dependencies, where it is more than a constraint. */
const poetryDependency = v.object({
  ...{ version: text, markers: text, python: text, platform: text, source: text },
  ...{ git: text, branch: text, tag: text, rev: text, subdirectory: text },
  ...{ path: text, file: text, url: text },
  optional: v.optional(v.boolean(), false),
  extras: texts,
});

const poetryValue = v.union([
  v.string(),
  v.array(v.union([v.string(), poetryDependency])),
  poetryDependency,
]);

const poetryTable = v.object({
  ...{ name: text, version: text },
  "package-mode": v.optional(v.boolean(), true),
  packages: v.optional(v.array(anything)),
  include: v.optional(v.unknown()),
  scripts: table,
  dependencies: v.optional(v.record(v.string(), poetryValue), {}),
  source: v.optional(v.array(v.object({ name: v.string(), url: text, priority: text })), []),
});

const toolTable = v.object({
  poetry: v.optional(poetryTable),
  uv: v.optional(uvTable),
  pdm: v.optional(
    v.object({
      distribution: v.optional(v.boolean()),
      source: v.optional(v.array(v.object({ name: text, url: text, type: text })), []),
    }),
  ),
  setuptools: v.optional(anything),
  hatch: v.optional(anything),
  flit: v.optional(anything),
});

const projectTable = v.object({
  ...{ name: text, version: text, "requires-python": text },
  dependencies: v.optional(v.array(v.string())),
  "optional-dependencies": v.optional(v.record(v.string(), v.array(v.string())), {}),
  dynamic: texts,
  scripts: table,
  "gui-scripts": table,
  "entry-points": table,
});

const schema = v.object({
  "build-system": v.optional(
    v.object({ requires: texts, "build-backend": text, "backend-path": texts }),
  ),
  project: v.optional(projectTable),
  "dependency-groups": v.optional(v.record(v.string(), v.array(v.unknown())), {}),
  tool: v.optional(toolTable, {}),
});

export type Pyproject = v.InferOutput<typeof schema>;
export type UvSource = v.InferOutput<typeof uvSource>;
export type PoetryValue = v.InferOutput<typeof poetryValue>;
export type PoetryDependency = v.InferOutput<typeof poetryDependency>;

/**
 * Undefined where there is none.
 * @throws NuaError with the place of what is wrong with it
 */
export function readPyproject(tree: SourceTree): Pyproject | undefined {
  return readToml(tree, PYPROJECT, schema);
}

/** Whether it is more than the settings of tools. */
export function isProject({ project, tool, ...others }: Pyproject): boolean {
  return project !== undefined || tool.poetry !== undefined || others["build-system"] !== undefined;
}
