/** Pure: the version of a project that takes it from version control, where there is none. */
import type { SourceTree } from "../../source/source-tree.ts";

/**
 * What is told to the tools that ask git for a version: without a repository they end with an
 * error. Nothing where the source has one, or says its version otherwise, as a release does.
 * @param version the app's
 */
export function scmVersion(tree: SourceTree, version: string): Record<string, string> {
  const isKnown = [".git", "PKG-INFO", ".git_archival.txt"].some((name) => tree.has(name));
  if (isKnown || !VERSION.test(version)) return {};
  const files = ["pyproject.toml", "setup.py", "setup.cfg"].map((name) => tree.text(name) ?? "");
  const found = TOOLS.filter(({ pattern }) => files.some((text) => pattern.test(text)));
  return Object.fromEntries(found.map(({ variable }) => [variable, version]));
}

// --- internal ---

/** A version that each of them takes: PEP 440. */
const VERSION =
  /^v?(\d+!)?\d+(\.\d+)*([-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?\d*)?([-_.]?post[-_.]?\d*)?([-_.]?dev[-_.]?\d*)?(\+[a-z\d]+([-_.][a-z\d]+)*)?$/i;

/** Each from its own documentation. */
const TOOLS: readonly { pattern: RegExp; variable: string }[] = [
  {
    pattern: /\bsetuptools[-_]scm\b|\bhatch-vcs\b|\buse_scm_version\b/i,
    variable: "SETUPTOOLS_SCM_PRETEND_VERSION",
  },
  { pattern: /["'\s]pbr\b/, variable: "PBR_VERSION" },
  { pattern: /\bsource\s*=\s*["']scm["']/, variable: "PDM_BUILD_SCM_VERSION" },
  { pattern: /\bpoetry-dynamic-versioning\b/, variable: "POETRY_DYNAMIC_VERSIONING_BYPASS" },
  { pattern: /\buv-dynamic-versioning\b/, variable: "UV_DYNAMIC_VERSIONING_BYPASS" },
];
