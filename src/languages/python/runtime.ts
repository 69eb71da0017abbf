/** The Python runtime: the distribution's, in every image. */
import type { Runtime } from "../runtime.ts";

export const pythonRuntime: Runtime = {
  language: "python",
  versions: [{ version: "", names: ["nua-builder", "nua-python", "python"] }],
};
