/** The Python runtime: the distribution's, in every image. */
import type { Runtime } from "../runtime.ts";
import { DISTRIBUTION_PYTHON, pythonVersions } from "./versions.ts";

export const pythonRuntime: Runtime = {
  language: "python",
  versions: [{ version: "", names: ["nua-builder", "nua-python", "python"] }],
  everywhere: true,
  rules: pythonVersions,
  distribution: DISTRIBUTION_PYTHON,
};
