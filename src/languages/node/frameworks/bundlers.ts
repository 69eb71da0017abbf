/** Apps of one page that are built by other tools than Vite. */
import { parse } from "jsonc-parser";
import type { AppPackage } from "../app/app-package.ts";
import {
  buildScript,
  type Framework,
  type FrameworkOutput,
  optionOf,
  origin,
  pathOr,
  readConfig,
} from "./framework.ts";

/** Source: create-react-app.dev, "Deployment"; craco and others that start the same build. */
export const createReactApp = onePage("Create React App", {
  packages: ["react-scripts", "react-app-rewired", "@craco/craco"],
  notStart: /^(react-scripts|react-app-rewired|craco)\s+start\b/,
  build: "react-scripts build",
  folder: (app) => /\bBUILD_PATH=["']?([\w./-]+)/.exec(buildScript(app))?.[1] ?? "build",
});

/** Source: cli.vuejs.org/config, "outputDir". */
export const vueCli = onePage("Vue CLI", {
  packages: ["@vue/cli-service"],
  notStart: /^vue-cli-service\s+serve\b/,
  build: "vue-cli-service build",
  folder: (app) =>
    optionOf(buildScript(app), /vue-cli-service build/, "--dest") ??
    readConfig(app, "vue.config").config.value("outputDir") ??
    "dist",
});

/** Source: rsbuild.dev/config, "output.distPath". */
export const rsbuild = onePage("Rsbuild", {
  packages: ["@rsbuild/core"],
  notStart: /^rsbuild(\s|$)/,
  build: "rsbuild build",
  folder: (app) =>
    readConfig(app, "rsbuild.config").config.value("output", "distPath", "root") ?? "dist",
});

/** Source: parceljs.org/features/cli. */
export const parcel = onePage("Parcel", {
  packages: ["parcel", "parcel-bundler"],
  notStart: /^parcel(\s+(serve|watch))?(\s+(?!build)|$)/,
  build: "parcel build",
  folder: (app) =>
    optionOf(buildScript(app), /parcel\s+build/, "--dist-dir", "-d", "--out-dir") ?? "dist",
  when: (app) => /\bparcel\s+build\b/.test(buildScript(app)) && !app.manifest.main,
});

/** Source: docs.expo.dev, "Publish websites"; without react-native-web there is nothing for a browser. */
export const expo: Framework = {
  name: "Expo",
  read(app) {
    if (!app.dependencies.has("expo") || !app.dependencies.has("react-native-web")) return null;
    const settings = expoWeb(app);
    if (settings.output === "server") return null;
    const line = buildScript(app);
    const folder = pathOr(optionOf(line, /\bexpo\s+export/, "--output-dir"), "dist");
    return {
      ...{ from: origin(app, "app.json"), build: "expo export --platform web" },
      notStart: /^expo\s+(start|run)/,
      buildEnv: { EXPO_NO_TELEMETRY: "1", CI: "1" },
      site: { folder, fallback: settings.output === "static" ? "not found" : "index" },
    };
  },
};

/** Others of that kind: a package, its build, where to. */
export const others: readonly Framework[] = [
  onePage("Preact CLI", {
    packages: ["preact-cli"],
    build: "preact build",
    folder: () => "build",
    notStart: /^preact\s+watch/,
  }),
  onePage("Ember", {
    packages: ["ember-cli"],
    build: "ember build --environment=production",
    folder: () => "dist",
    notStart: /^ember\s+(s|serve)\b/,
  }),
  onePage("Quasar", {
    packages: ["@quasar/app-vite", "@quasar/app-webpack"],
    build: "quasar build",
    folder: () => "dist/spa",
    notStart: /^quasar\s+dev/,
    when: (app) => !/-m\s+(ssr|electron|capacitor|pwa)/.test(buildScript(app)),
  }),
  onePage("Umi", {
    packages: ["umi", "@umijs/max"],
    build: "umi build",
    folder: () => "dist",
    notStart: /^(umi|max)\s+dev/,
  }),
  onePage("Poi", {
    packages: ["poi"],
    build: "poi --prod",
    folder: () => "dist",
    notStart: /^poi\s+(--serve|-s)/,
  }),
];

// --- internal ---

interface OnePage {
  /** Any of them says that it is there. */
  packages: readonly string[];
  notStart: RegExp;
  build: string;
  folder(app: AppPackage): unknown;
  when?(app: AppPackage): boolean;
}

function onePage(name: string, { packages, notStart, build, folder, when }: OnePage): Framework {
  return {
    name,
    read(app): FrameworkOutput | null {
      if (!packages.some((one) => app.dependencies.has(one)) || when?.(app) === false) return null;
      const site = { folder: pathOr(folder(app), "dist"), fallback: "index" } as const;
      return { from: origin(app, undefined), site, notStart, build };
    },
  };
}

function expoWeb({ tree }: AppPackage): { output?: unknown } {
  const config = parse(tree.text("app.json") ?? "{}") as { expo?: { web?: unknown } } | undefined;
  const web = config?.expo?.web;
  return typeof web === "object" && web !== null ? web : {};
}
