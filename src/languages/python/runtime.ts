/** The distribution's Python, which every image has: see dockerfiles/nua-python.Dockerfile. */
import type { Runtime } from "../runtime.ts";

export const pythonRuntime: Runtime = {
  language: "python",
  versions: [{ version: "", names: ["nua-builder", "nua-python", "python"] }],
};
