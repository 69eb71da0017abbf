/** The Python runtime: the distribution's, in every image, or another CPython. */
import type { Runtime } from "../runtime.ts";
import { DISTRIBUTION_PYTHON, pythonVersions } from "./versions.ts";

export const pythonRuntime: Runtime = {
  language: "python",
  versions: [{ version: "", names: ["nua-builder", "nua-python", "python"] }],
  everywhere: true,
  rules: pythonVersions,
  distribution: DISTRIBUTION_PYTHON,
  base: {
    dockerfile: "python/base.Dockerfile",
    argument: "python_version",
    versionFile: "/nua/python_version",
    installer: {
      word: "install-python",
      folder: { flag: "--root", fallback: "/" },
      example: "3.12",
      load: () => import("./agent/install-python.ts"),
    },
  },
};
