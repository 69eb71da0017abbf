/** What install scripts would download for those who develop, and no build ever runs. Pure. */
import type { NodeProject } from "./project.ts";

/** The variables that keep them from it, for packages that only developers depend on. */
export function withoutDownloads({
  packages,
}: Pick<NodeProject, "packages">): Readonly<Record<string, string>> {
  const isDev = (name: string) =>
    packages.some(({ manifest }) => name in manifest.devDependencies) &&
    packages.every(({ manifest }) => !(name in manifest.dependencies));
  return Object.assign({}, ...SKIPPED.map(([name, variable]) => (isDev(name) ? variable : {})));
}

// --- internal ---

/** Source: the documentation of each. Those of puppeteer may be what a build makes pages with. */
const SKIPPED: readonly (readonly [name: string, variable: Record<string, string>])[] = [
  ["cypress", { CYPRESS_INSTALL_BINARY: "0" }],
  ["electron", { ELECTRON_SKIP_BINARY_DOWNLOAD: "1" }],
  ["chromedriver", { CHROMEDRIVER_SKIP_DOWNLOAD: "true" }],
];
