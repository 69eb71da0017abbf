/** What install scripts would download for those who develop, and no build ever runs. Pure. */
import type { NodeProject } from "./project.ts";

/** The variables that keep them from it, for packages that only developers depend on. */
export function withoutDownloads(
  project: Pick<NodeProject, "packages">,
): Readonly<Record<string, string>> {
  const { packages } = project;
  const isDev = (name: string) =>
    packages.some(({ manifest }) => name in manifest.devDependencies) &&
    packages.every(({ manifest }) => !(name in manifest.dependencies));
  const skipped = makesNoPages(project) ? [...SKIPPED, PUPPETEER] : SKIPPED;
  return Object.assign({}, ...skipped.map(([name, variable]) => (isDev(name) ? variable : {})));
}

// --- internal ---

type Skipped = readonly [name: string, variable: Record<string, string>];

/** Source: the documentation of each. */
const SKIPPED: readonly Skipped[] = [
  ["cypress", { CYPRESS_INSTALL_BINARY: "0" }],
  ["electron", { ELECTRON_SKIP_BINARY_DOWNLOAD: "1" }],
  ["chromedriver", { CHROMEDRIVER_SKIP_DOWNLOAD: "true" }],
];

/** May be what a build makes pages with. Source: pptr.dev, "Configuration". */
const PUPPETEER: Skipped = ["puppeteer", { PUPPETEER_SKIP_DOWNLOAD: "true" }];

/** Bundlers and what checks before them: none of them starts a browser by itself. */
const BUNDLER =
  /^(?:cross-env\s+|NODE_ENV=\w+\s+)*(?:vite|tsc|vue-tsc|webpack|rollup|esbuild|parcel|ng|react-scripts|tsup|rimraf|eslint|svelte-check)(?:\s[^;|&`$]*)?$/;

/** Packages that have pages made by a browser. */
const PAGE_MAKERS =
  /prerender|pre-render|react-snap|penthouse|puppeteer-|-puppeteer|mermaid-cli|pdf|screenshot/;

/** Whether the builds of all packages are plain bundlers, without what makes pages. */
function makesNoPages({ packages }: Pick<NodeProject, "packages">): boolean {
  return packages.every(({ manifest: { scripts, dependencies, devDependencies } }) => {
    const lines = ["prebuild", "build", "postbuild"].flatMap((name) => scripts[name] ?? []);
    const commands = lines.flatMap((line) => line.split("&&")).map((one) => one.trim());
    const names = [...Object.keys(dependencies), ...Object.keys(devDependencies)];
    return (
      commands.every((one) => BUNDLER.test(one)) && !names.some((one) => PAGE_MAKERS.test(one))
    );
  });
}
