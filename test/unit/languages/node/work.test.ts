import { expect, test } from "bun:test";
import { node } from "../../../../src/languages/node/node.ts";
import { readProject } from "../../../../src/languages/node/project.ts";
import { withoutDownloads } from "../../../../src/languages/node/skipped-downloads.ts";
import type { RuntimePlace } from "../../../../src/languages/runtime.ts";
import type { DependencyPlace } from "../../../../src/protocol/agent-input.ts";
import { memoryTree } from "../../../helpers/memory-tree.ts";

const EDIT = "node /var/tmp/nua-agent/scripts/edit_manifests.cjs";
const CLEAN = "rm -rf node_modules/.cache";
const json = (value: object) => JSON.stringify(value);

/** Each command as one line, with its folder where that is another than the app's. */
function linesOf(
  files: Record<string, string>,
  place: DependencyPlace,
  member: string | null = null,
  runtime: RuntimePlace = "image",
  versions: Record<string, string> = {},
) {
  const plan = node.plan(memoryTree(files), {
    ...{ source: "/nua/build", runtime, versions, version: "1", languages: ["node"] },
    ...{ place, member },
  });
  const format = (commands: typeof plan.install) =>
    commands.flatMap((one) => {
      if (one.kind !== "run") return [];
      const dir = one.cwd.replace(/^\/nua\/build\/?/, "");
      const words = one.argv[0] === "bash" ? one.argv.slice(2) : one.argv;
      return [`${dir === "" ? "" : `${dir}: `}${words.join(" ")}`];
    });
  const { prune = [], tidy = [] } = plan;
  // In a layer of dependencies they are pruned before the app is built.
  const [before, after] = place === "pruned" ? [prune, []] : [[], prune];
  const install = format([...plan.install, ...before]);
  return { install, build: format([...plan.build, ...after, ...tidy]), plan };
}

const husky = {
  "package.json": json({
    scripts: { prepare: "husky" },
    dependencies: { ms: "2" },
    devDependencies: { husky: "9" },
  }),
  "package-lock.json": json({
    packages: {
      "node_modules/ms": { version: "2.1.3" },
      "node_modules/husky": { version: "9.0.11" },
    },
  }),
};

test("a script of the app's own runs with what it needs, which then goes", () => {
  const { install, build } = linesOf(husky, "here");
  expect([...install, ...build]).toEqual(["npm ci", CLEAN, "npm prune --ignore-scripts", CLEAN]);
});

test("and in a layer of dependencies it does not run: its files are not there", () => {
  const { install, build } = linesOf(husky, "pruned");
  expect(install).toEqual([
    `${EDIT} without-scripts package.json`,
    "npm ci",
    `${EDIT} restore package.json`,
    CLEAN,
    "npm prune --ignore-scripts",
  ]);
  expect(build).toEqual(["npm run prepare", CLEAN]);
});

const site = {
  "package.json": json({
    scripts: { build: "vite build" },
    dependencies: { react: "19" },
    devDependencies: { vite: "7" },
  }),
  "package-lock.json": json({
    packages: {
      "node_modules/react": { version: "19.2.0" },
      "node_modules/vite": { version: "7.1.11" },
    },
  }),
  "index.html": "",
};

test("where the image is without Node, all is installed for the build, and nothing removed", () => {
  for (const place of ["below", "here"] as const) {
    const { install, build, plan } = linesOf(site, place, null, "build");
    expect(install).toEqual(["npm ci"]);
    expect(build).toEqual(["npm run build"]);
    expect(plan.onlyForBuild).toEqual(["node_modules"]);
  }
});

const built = (packageManager: string, more: Record<string, string> = {}) => ({
  "package.json": json({
    packageManager,
    scripts: { build: "vite build" },
    dependencies: { ms: "2" },
    devDependencies: { vite: "5" },
  }),
  ...more,
});
const PNPM_LOCK = `lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      ms: {specifier: '2', version: 2.1.3}
    devDependencies:
      vite: {specifier: '5', version: 5.0.0}
`;

const managers: [string, Record<string, string>, string[]][] = [
  [
    "pnpm",
    built("pnpm@9.1.0", { "pnpm-lock.yaml": PNPM_LOCK }),
    [
      "npm install --global --prefix /var/tmp/nua-agent pnpm@9.1.0",
      "pnpm install --frozen-lockfile --prod=false",
      CLEAN,
      "pnpm run build",
      "pnpm install --prod --prefer-offline --frozen-lockfile --ignore-scripts",
      `${CLEAN} node_modules/.modules.yaml node_modules/.pnpm-workspace-state*`,
    ],
  ],
  [
    "yarn 4",
    built("yarn@4.5.0", {
      ".yarnrc.yml": "nodeLinker: node-modules\n",
      "yarn.lock": '__metadata:\n  version: 8\n\n"ms@npm:2":\n\n"vite@npm:5":\n',
    }),
    [
      "npm install --global --prefix /var/tmp/nua-agent @yarnpkg/cli-dist@4.5.0",
      "yarn install --immutable",
      CLEAN,
      "yarn run build",
      "yarn workspaces focus --all --production",
      `${CLEAN} .yarn/install-state.gz`,
    ],
  ],
  [
    "yarn 3, which cannot remove anything itself",
    built("yarn@3.6.0", {
      ".yarnrc.yml": "nodeLinker: node-modules\n",
      "yarn.lock": '__metadata:\n  version: 6\n\n"ms@npm:2":\n\n"vite@npm:5":\n',
    }),
    [
      "npm install --global --prefix /var/tmp/nua-agent @yarnpkg/cli-dist@3.6.0",
      "yarn install --immutable",
      CLEAN,
      "yarn run build",
      `${EDIT} without-dev package.json yarn.lock`,
      "yarn install --no-immutable",
      `${EDIT} restore package.json yarn.lock`,
      `${CLEAN} .yarn/install-state.gz`,
    ],
  ],
  [
    "bun",
    built("bun@1.3.0", {
      "bun.lock": json({
        lockfileVersion: 1,
        workspaces: { "": { dependencies: { ms: "2" }, devDependencies: { vite: "5" } } },
        packages: { ms: ["ms@2.1.3", "", {}, "x"], vite: ["vite@5.0.0", "", {}, "x"] },
      }),
    }),
    [
      "npm install --global --prefix /var/tmp/nua-agent bun@1.3.0",
      "bun install --frozen-lockfile --backend=copyfile",
      CLEAN,
      "bun run build",
      "rm -rf node_modules/vite",
      // Only packages with programs have it made.
      "test ! -d node_modules/.bin || find node_modules/.bin -xtype l -delete",
      CLEAN,
    ],
  ],
];

test("the manager that installs is there for the build as well, and in no image", () => {
  const { install, build } = linesOf(managers[0]![1], "pruned");
  expect(install[0]).toBe("npm install --global --prefix /var/tmp/nua-tools pnpm@9.1.0");
  expect(build[0]).toBe("pnpm run build");
});

test.each(managers)("%s", (_, files, expected) => {
  const { install, build, plan } = linesOf(files, "here");
  expect([...install, ...build]).toEqual(expected);
  expect(plan.warnings).toEqual([]);
});

test("what bun has isolated is removed by its folders, and the links to them", () => {
  const files = {
    ...built("bun@1.3.0", { "bunfig.toml": '[install]\nlinker = "isolated"\n' }),
    "bun.lock": json({
      lockfileVersion: 1,
      workspaces: { "": { dependencies: { ms: "2" }, devDependencies: { vite: "5" } } },
      packages: { ms: ["ms@2.1.3", "", {}, "x"], vite: ["vite@5.0.0", "", {}, "x"] },
    }),
  };
  expect(linesOf(files, "here").build).toEqual([
    "bun run build",
    "rm -rf node_modules/.bun/vite@5.0.0{,+*}",
    'for folder in node_modules; do test ! -d "$folder" || { find "$folder" -xtype l -delete; ' +
      'find "$folder" -maxdepth 2 -type d -empty -delete; }; done',
    CLEAN,
  ]);
});

test.each([
  ["bun.lock", "", []],
  ["bun.lockb", "", ["bun.lockb cannot be read: what is only for development stays"]],
  ["(none)", "", ["there is no bun.lock: what is only for development stays"]],
  ["bun.lock", '"left-pad": "1", ', ["bun.lock does not fit package.json: what is only"]],
])("of %s and %p it is told that nothing can be removed", (name, more, expected) => {
  const { "package.json": manifest, ...files } = managers.at(-1)![1];
  const texts = { "bun.lock": files["bun.lock"]!, "bun.lockb": "" };
  const { plan } = linesOf(
    {
      "package.json": manifest!.replace('"dependencies":{', `"dependencies":{${more}`),
      ...Object.fromEntries(Object.entries(texts).filter(([file]) => file === name)),
    },
    "here",
  );
  const told = (plan.warnings ?? []).filter((text) => text.includes("stays in the image"));
  expect(told).toEqual(expected.map((text) => expect.stringContaining(text)));
});

test.each([
  ["1.3", []],
  ["1.3.0", []],
  ["1.2.9", ["npm install --global --prefix /var/tmp/nua-agent bun@1.3.0"]],
])("bun %s of the image installs where it is the wanted one", (version, expected) => {
  const files = { ...built("bun@1.3.0"), "bun.lock": '{"lockfileVersion": 1}', "index.ts": "" };
  const { install } = linesOf(files, "here", null, "build", { bun: version });
  expect(install.filter((line) => line.startsWith("npm install"))).toEqual(expected);
});

test("pnpm is not to look for itself: exactly the wanted one is there", () => {
  const { plan } = linesOf(managers[0]![1], "here");
  const pnpm = [...plan.install, ...plan.build, ...(plan.prune ?? [])].filter(
    (one) => one.kind === "run" && one.argv[0] === "pnpm",
  );
  // Nor npm, which fetches it.
  expect(plan.install[0]).toMatchObject({ env: { npm_config_update_notifier: "false" } });
  expect(pnpm).toHaveLength(3);
  for (const one of pnpm) {
    expect(one).toMatchObject({
      env: {
        npm_config_manage_package_manager_versions: "false",
        // Since pnpm 11; it would compare the version with the lock file, or fetch another.
        pnpm_config_pm_on_fail: "ignore",
      },
    });
  }
});

const workspace = {
  "package.json": json({ workspaces: ["apps/*", "packages/*"], devDependencies: { turbo: "2" } }),
  "apps/web/package.json": json({
    name: "web",
    scripts: { build: "vite build", start: "node server.js" },
    dependencies: { ui: "*", express: "4" },
  }),
  "apps/web/server.js": "",
  "packages/ui/package.json": json({
    name: "ui",
    scripts: { build: "tsc" },
    dependencies: { core: "*" },
  }),
  "packages/core/package.json": json({ name: "core", scripts: { build: "tsc" } }),
  "packages/other/package.json": json({ name: "other", scripts: { build: "tsc" } }),
};

test("the member that is the app is built after those that it needs", () => {
  const { build, plan } = linesOf(workspace, "here");
  expect(build.slice(0, 3)).toEqual([
    "packages/core: npm run build",
    "packages/ui: npm run build",
    "apps/web: npm run build",
  ]);
  expect(plan.start?.dir).toBe("apps/web");
  expect(plan.decisions?.map(({ what }) => what)).toContain(
    "the app is the member apps/web of the workspace",
  );
});

test("what is installed is only for the build, where something is built", () => {
  expect(linesOf(workspace, "here").plan.onlyForBuild).toContain("apps/web/node_modules");
  expect(linesOf(managers[0]![1], "here").plan.onlyForBuild).toEqual(["node_modules"]);
  expect(linesOf(husky, "here").plan.onlyForBuild).toEqual([]);
  // Bun runs without Node, and with what is installed.
  const bun = { ...managers[0]![1], "index.ts": "", "bunfig.toml": "" };
  expect(linesOf(bun, "here").plan).toMatchObject({
    start: { line: "bun index.ts" },
    onlyForBuild: [],
  });
});

test("or by the tool of its workspace", () => {
  const { build } = linesOf({ ...workspace, "turbo.json": "{}" }, "here");
  expect(build[0]).toBe("npx --no-install turbo run build --filter=web");
});

test("what bundlers keep in the members that are built goes", () => {
  const next = json({
    name: "docs",
    scripts: { build: "next build" },
    dependencies: { next: "15" },
  });
  const { plan } = linesOf({ ...workspace, "apps/docs/package.json": next }, "here", "apps/web");
  const removed = (plan.tidy ?? []).flatMap((one) =>
    one.kind === "run" && one.argv[0] === "rm" ? one.argv.slice(3) : [],
  );
  expect(removed).toEqual(
    expect.arrayContaining([".turbo", "apps/docs/.next/cache", "apps/web/node_modules/.cache"]),
  );
  expect(removed).not.toContain("apps/web/.next/cache");
});

test("of several apps the one that is chosen", () => {
  const files = {
    ...workspace,
    "apps/api/package.json": json({ name: "api", scripts: { start: "node index.js" } }),
    "apps/api/index.js": "",
  };
  const { plan } = linesOf(files, "here");
  expect(plan.warnings?.join("\n")).toContain("apps/api, apps/web");
  expect(plan.lookedFor).toContain("apps/api");
  expect(node.findMember?.(memoryTree(files), "api")).toBe("apps/api");
  expect(node.findMember?.(memoryTree(files), "./apps/web/")).toBe("apps/web");
  expect(linesOf(files, "here", "apps/api").plan.start?.dir).toBe("apps/api");
  expect(() => linesOf(files, "here", "nope")).toThrow("the workspace has no such member");
});

test.each<[Record<string, string>, string | undefined]>([
  [{ build: "webpack", "build:prod": "webpack -p" }, "npm run build"],
  [{ "build:docker": "docker build .", "build:frontend": "vite build" }, "npm run build:frontend"],
  [{ "build:ui": "x", "build:production": "y" }, "npm run build:production"],
  [{ "build:docker": "docker build ." }, undefined],
])("the script that builds, of %j", (scripts, expected) => {
  const files = {
    "package.json": json({ scripts: { start: "node a.js", ...scripts }, dependencies: { a: "1" } }),
    "a.js": "",
  };
  const { build } = linesOf(files, "here");
  expect(build.find((line) => line.startsWith("npm run"))).toBe(expected as string);
});

test.each<[object, string | undefined]>([
  [{ devDependencies: { cypress: "13" } }, "0"],
  [{ dependencies: { cypress: "13" } }, undefined],
  [{ devDependencies: { vite: "7" } }, undefined],
])("what only developers run is not downloaded: %j", (manifest, expected) => {
  const { plan } = linesOf(
    { "package.json": json({ scripts: { build: "x" }, ...manifest }) },
    "here",
  );
  const install = plan.install.find((one) => one.kind === "run" && one.argv[0] === "npm");
  const env = install?.kind === "run" ? (install.env ?? {}) : {};
  expect(env.CYPRESS_INSTALL_BINARY).toBe(expected as string);
});

test.each<[string, string, Record<string, string>, string | undefined]>([
  ["a bundler alone builds", "tsc -b && vite build", {}, "true"],
  ["a script may use it", "vite build && node prerender.mjs", {}, undefined],
  ["a plugin may use it", "vite build", { "vite-plugin-prerender": "1" }, undefined],
])("puppeteer fetches no browser where %s", (_, line, more, expected) => {
  const manifest = { scripts: { build: line }, devDependencies: { puppeteer: "25", ...more } };
  const tree = memoryTree({ "package.json": JSON.stringify(manifest) });
  const project = readProject(tree, { member: null, frozen: false });
  expect(withoutDownloads(project).PUPPETEER_SKIP_DOWNLOAD).toBe(expected as string);
});
