/**
 * Files that are embedded in the binary. The macros run when this module is transpiled, so the
 * values are constants in a compiled binary and always fresh in development.
 */
import { bundleAgent, readFolder } from "./assets-macro.ts" with { type: "macro" };

/** The in-container agent: JavaScript files for the bun runtime, by name. */
export const AGENT_BUNDLE: Record<string, string> = bundleAgent();

/** Those of dockerfiles/ by file name; those of languages by their path below src/languages. */
export const DOCKERFILES: Record<string, string> = {
  ...readFolder("../dockerfiles"),
  ...readFolder("./languages", ".Dockerfile"),
};

/** The Python packages nua.*, by path relative to the folder that Python imports from. */
export const PYTHON_LIBRARY: Record<string, string> = readFolder("./python");
