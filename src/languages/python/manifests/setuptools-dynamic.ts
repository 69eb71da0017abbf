/** Pure: dependencies that pyproject.toml calls dynamic, where a backend's settings say which file has them. */
import * as v from "valibot";
import type { SourceTree } from "../../../source/source-tree.ts";
import { Obstacle } from "../../dependency-rule.ts";
import type { Pyproject } from "./pyproject.ts";
import {
  isSetupCfg,
  linesOfFiles,
  SETUP_CFG,
  SETUP_PY,
  setupCfgRequirements,
  setupPyRequirements,
} from "./setup-files.ts";

/** @throws Obstacle where only the backend can tell */
export function dynamicRequirements(tree: SourceTree, { tool }: Pyproject): string[] {
  const setuptools = v.safeParse(setuptoolsSchema, tool.setuptools);
  if (setuptools.success)
    return linesOfFiles(asList(setuptools.output.dynamic.dependencies.file), tree);
  const hatch = v.safeParse(hatchSchema, tool.hatch);
  if (hatch.success) return linesOfFiles(hatch.output.metadata.hooks.requirements_txt.files, tree);
  const script = tree.text(SETUP_PY);
  const listed = script === undefined ? null : setupPyRequirements(script);
  if (listed !== null) return listed;
  if (isSetupCfg(tree.text(SETUP_CFG))) return setupCfgRequirements(tree);
  throw new Obstacle("the dependencies in pyproject.toml are dynamic");
}

// --- internal ---

/** Setuptools, "Dynamic Metadata". */
const setuptoolsSchema = v.object({
  dynamic: v.object({
    dependencies: v.object({ file: v.union([v.string(), v.array(v.string())]) }),
  }),
});

/** The plugin hatch-requirements-txt. */
const hatchSchema = v.object({
  metadata: v.object({
    hooks: v.object({ requirements_txt: v.object({ files: v.array(v.string()) }) }),
  }),
});

function asList(value: string | string[]): string[] {
  return Array.isArray(value) ? value : [value];
}
